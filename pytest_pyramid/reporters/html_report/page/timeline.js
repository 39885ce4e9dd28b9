// The timeline: a test under the pointer, or chosen with the arrow keys, is told below it.
function timeline(svg) {
  const { left, scale, top, step } = Object.fromEntries(Object.entries(svg.dataset).map(([k, v]) => [k, Number(v)]));
  const labels = [...svg.querySelectorAll("text[data-lane]")];
  const names = labels.map((text) => data.workers.indexOf(text.dataset.lane));
  const lanes = names.map((number) => tests.map((_, at) => at).filter((at) => tests[at][WORKER] === number));
  lanes.forEach((lane) => lane.sort((a, b) => tests[a][START] - tests[b][START]));
  let lane = 0;
  let place = -1;
  const tell = () => {
    const test = tests[lanes[lane][place]];
    const took = `${(test[TOOK] / 1000).toFixed(3)} s from ${(test[START] / 1000).toFixed(2)} s`;
    find("told").textContent = `${worker(test)}: ${nodeid(test)} (${FIELDS.tier(test)}), ${outcome(test)}, ${took}; ${data.reasons[test[REASON]]}`;
  };
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const number = Math.floor((point.y - top) / step);
    if (!lanes[number]) return false;
    const time = ((point.x - left) / scale) * 1000;
    const found = lanes[number].findLastIndex((one) => tests[one][START] <= time);
    if (found < 0) return false;
    [lane, place] = [number, found];
    tell();
    return true;
  };
  svg.addEventListener("mousemove", at);
  svg.addEventListener("click", (event) => {
    if (at(event)) location.hash = `#test=${encodeURIComponent(nodeid(tests[lanes[lane][place]]))}`;
  });
  svg.addEventListener("keydown", (event) => {
    const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      lane = Math.min(Math.max(lane + move[0], 0), lanes.length - 1);
      place = Math.min(Math.max(place + move[1], 0), lanes[lane].length - 1);
      tell();
    } else if (event.key === "Enter" && place >= 0) {
      location.hash = `#test=${encodeURIComponent(nodeid(tests[lanes[lane][place]]))}`;
    }
  });
}
