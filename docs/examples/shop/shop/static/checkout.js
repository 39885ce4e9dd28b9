// Another way of delivery is another total: ask for the prices again, as the Apply button does.
for (const choice of document.querySelectorAll("input[name=delivery]")) {
  choice.addEventListener("change", () => document.getElementById("apply").click());
}
