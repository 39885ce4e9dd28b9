// Addresses such as #q=tier:unit and #test=NODEID, and everything that a person does.
function go(hash) {
  history.replaceState(null, "", hash || "#");
}

function route() {
  const hash = location.hash;
  const value = (() => {
    try {
      return decodeURIComponent(hash.slice(hash.indexOf("=") + 1));
    } catch {
      return "";
    }
  })();
  if (hash.startsWith("#q=")) {
    filter.value = value;
    apply();
    find("tests").scrollIntoView();
  } else if (hash.startsWith("#test=")) {
    const at = tests.findIndex((test) => nodeid(test) === value);
    if (at >= 0 && !shown.includes(at)) {
      filter.value = "";
      apply();
    }
    choose(at, true);
  }
}

function toggle(row) {
  const at = Number(row.dataset.at);
  const same = at === chosen;
  choose(same ? -1 : at, false);
  go(same ? "" : `#test=${encodeURIComponent(nodeid(tests[at]))}`);
}

find("search").hidden = false;
find("plain").hidden = true;
find("search").addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("input", () => {
  apply();
  go(filter.value ? `#q=${encodeURIComponent(filter.value)}` : "");
});
more.addEventListener("click", draw);
new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && draw()).observe(more);
document.querySelectorAll("th[data-key]").forEach(sortable);
body.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-at]");
  if (row && !String(getSelection())) toggle(row);
});
body.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.dataset.at) toggle(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target !== filter) {
    event.preventDefault();
    filter.focus();
  }
});
addEventListener("hashchange", route);
apply();
route();
const svg = find("timeline");
if (svg) timeline(svg);
document.documentElement.dataset.ready = "yes";
