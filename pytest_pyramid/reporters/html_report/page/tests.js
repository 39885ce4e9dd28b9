// The table of tests: reading, filtering, sorting and drawing it. All scripts of the page share one scope.
const data = JSON.parse(document.getElementById("data").textContent);
const FILE = 0, NAME = 1, TIER = 2, OUTCOME = 3, TOOK = 4, START = 5, WORKER = 6, LINE = 7, REASON = 8, MESSAGE = 9;
const SIGNS = { passed: "✓", failed: "✗", error: "✗", skipped: "–", xfailed: "–", xpassed: "!", manual: "☐", withheld: "◌", lost: "◌" };
const CHUNK = 100;
const find = (id) => document.getElementById(id);
const tests = data.tests;
const body = find("table").tBodies[0];
const filter = find("filter");
const more = find("more");
let shown = [];
let drawn = 0;
let sorting = { key: "", down: false };
let chosen = -1;

const nodeid = (test) => data.files[test[FILE]] + (test[NAME] ? "::" + test[NAME] : "");
const worker = (test) => (test[WORKER] < 0 ? "" : data.workers[test[WORKER]]);
const message = (test) => (test[MESSAGE] < 0 ? "" : data.messages[test[MESSAGE]]);
const outcome = (test) => data.outcomes[test[OUTCOME]];

// What a token such as tier:unit is compared with.
const FIELDS = {
  tier: (test) => data.tiers[test[TIER]][0],
  outcome,
  worker,
  file: (test) => data.files[test[FILE]],
  by: (test) => data.reasons[test[REASON]],
};
const ORDERS = {
  outcome: (test) => test[OUTCOME],
  tier: (test) => test[TIER],
  name: nodeid,
  seconds: (test) => test[TOOK],
  start: (test) => test[START],
  worker: (test) => worker(test),
};

// The tokens of a filter: [turned around, key, value]; quotes keep spaces together.
function tokens(text) {
  const found = text.match(/-?(?:\w+:)?"[^"]*"?|\S+/g) || [];
  return found.map((word) => {
    const turned = word.startsWith("-") && word.length > 1;
    const bare = turned ? word.slice(1) : word;
    const parts = /^(\w+):(.*)$/s.exec(bare);
    const known = parts && (parts[1] in FIELDS || parts[1] === "slow");
    const value = (known ? parts[2] : bare).replaceAll('"', "").toLowerCase();
    return [turned, known ? parts[1] : "", value];
  });
}

function matcher([turned, key, value]) {
  let fits;
  if (key === "slow") {
    const below = value.startsWith("<");
    const limit = Number.parseFloat(value.replace(/^[<>]=?/, "")) * 1000 || 0;
    fits = below ? (test) => test[TOOK] < limit : (test) => test[TOOK] > limit;
  } else if (key) {
    const field = FIELDS[key];
    fits = (test) => field(test).toLowerCase().startsWith(value);
  } else {
    fits = (test) => nodeid(test).toLowerCase().includes(value) || message(test).toLowerCase().includes(value);
  }
  return turned ? (test) => !fits(test) : fits;
}

function apply() {
  const wanted = tokens(filter.value).map(matcher);
  shown = [];
  for (let at = 0; at < tests.length; at += 1) {
    if (wanted.every((fits) => fits(tests[at]))) shown.push(at);
  }
  if (sorting.key) {
    const value = ORDERS[sorting.key];
    const sign = sorting.down ? -1 : 1;
    const keys = new Map(shown.map((at) => [at, value(tests[at])]));
    shown.sort((a, b) => {
      const [one, other] = [keys.get(a), keys.get(b)];
      return one === other ? a - b : one < other ? -sign : sign;
    });
  }
  find("count").textContent = `${shown.length.toLocaleString("en")} of ${tests.length.toLocaleString("en")} tests`;
  body.replaceChildren();
  drawn = 0;
  draw();
}

function cell(row, text, kind) {
  const made = row.insertCell();
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}

function line(at) {
  const test = tests[at];
  const row = document.createElement("tr");
  row.dataset.at = at;
  row.tabIndex = 0;
  const said = outcome(test);
  const mark = document.createElement("span");
  mark.className = `outcome ${said}`;
  mark.textContent = `${SIGNS[said]} ${said}`;
  row.insertCell().append(mark);
  cell(row, data.tiers[test[TIER]][0]);
  cell(row, nodeid(test), "id");
  cell(row, (test[TOOK] / 1000).toFixed(3), "number");
  cell(row, test[START] < 0 ? "" : (test[START] / 1000).toFixed(2), "number");
  cell(row, worker(test));
  return row;
}

function draw() {
  const end = Math.min(drawn + CHUNK, shown.length);
  const rows = [];
  for (; drawn < end; drawn += 1) rows.push(line(shown[drawn]));
  body.append(...rows);
  more.hidden = drawn >= shown.length;
}

// Opens the row of a test, or closes it; the address then names the test.
function choose(at, scroll) {
  document.querySelectorAll("tr.about").forEach((row) => row.remove());
  document.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
  chosen = at;
  if (at < 0) return;
  const place = shown.indexOf(at);
  if (place < 0) return;
  while (drawn <= place) draw();
  const row = body.querySelector(`tr[data-at="${at}"]`);
  row.classList.add("chosen");
  const test = tests[at];
  const about = document.createElement("tr");
  about.className = "about";
  const made = about.insertCell();
  made.colSpan = 6;
  const where = data.files[test[FILE]] + (test[LINE] < 0 ? "" : `:${test[LINE]}`);
  const texts = [`${where}, placed by: ${data.reasons[test[REASON]]}`, message(test)];
  for (const text of texts.filter(Boolean)) {
    const part = document.createElement("pre");
    part.textContent = text;
    made.append(part);
  }
  row.after(about);
  if (scroll) row.scrollIntoView({ block: "center" });
}

function sortable(head) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const down = sorting.key === head.dataset.key ? !sorting.down : head.dataset.key === "seconds";
    sorting = { key: head.dataset.key, down };
    document.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    apply();
  });
}
