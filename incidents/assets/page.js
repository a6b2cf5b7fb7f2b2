// The page that a briefer takes along: filters by group and date, map, timeline and list, all from the same rows.
// Data comes as JSON in the page and is shown as text, never as HTML, but for what was made safe for the map's labels.
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const rows = data.rows, byKey = new Map(rows.map((row) => [row.key, row]));
  const asked = { groups: new Set(data.groups.map((group) => group.name)), from: "", to: "" };
  const SVG = "http://www.w3.org/2000/svg";
  let map = null, drawn = null, selected = null, looked = false;

  function $(id) { return document.getElementById(id); }

  function make(parent, tag, text, className) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    parent.append(made);
    return made;
  }

  function draw(parent, tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text) made.textContent = text;
    parent.append(made);
    return made;
  }

  // ---- what is asked: the same rules as the desk's -------------------------------------------------------------------

  // An imprecise date counts where its interval overlaps the days asked for; undated ones only while none are.
  function shown(row) {
    if (!asked.groups.has(row.group)) return false;
    if (asked.from && !(row.end && row.end >= asked.from)) return false;
    return !(asked.to && !(row.start && row.start <= asked.to));
  }

  function filterPanel() {
    const groups = $("groups");
    for (const group of data.groups) {
      const label = make(groups, "label"), box = make(label, "input");
      box.type = "checkbox"; box.checked = true; box.value = group.name;
      box.addEventListener("change", () => { asked.groups[box.checked ? "add" : "delete"](group.name); update(); });
      make(label, "span", group.name + " (" + group.incidents + ")");
    }
    for (const key of ["from", "to"]) {
      $(key).min = data.first || ""; $(key).max = data.last || "";
      $(key).addEventListener("change", () => { asked[key] = $(key).value; update(); });
    }
    $("all").addEventListener("click", () => everyGroup(true));
    $("none").addEventListener("click", () => everyGroup(false));
    $("reset").addEventListener("click", () => { setDays("", ""); everyGroup(true); });
  }

  function everyGroup(on) {
    asked.groups = new Set(on ? data.groups.map((group) => group.name) : []);
    $("groups").querySelectorAll("input").forEach((box) => { box.checked = on; });
    update();
  }

  function setDays(from, to) {
    asked.from = $("from").value = from; asked.to = $("to").value = to;
  }

  // ---- the map: one mark per place, its group by shape and colour, its precision by ring, hollow mark or outline -----

  function lookOf(found, area) {
    const groups = new Set(found.map((row) => row.group));
    if (groups.size > 1) return { shape: data.several.shape, colour: null, outlined: false };
    const look = data.looks[found[0].group];
    return area ? { shape: look.shape, colour: look.areaColour, outlined: look.outlined } : { shape: look.shape, colour: look.colour };
  }

  function labelOf(found) {
    return found.length > 1 ? found.length + " incidents at " + found[0].at + ". Click to read them." : found[0].tip;
  }

  function payload(visible) {
    const content = { spots: [], areas: [], lines: [], bands: [], outlines: [], names: [], legend: [], view: null };
    const seen = new Set(visible);
    const places = data.places.map((place) => ({ ...place, found: place.rows.map((at) => rows[at]).filter((row) => seen.has(row)) }))
      .filter((place) => place.found.length);
    for (const place of places) {
      const found = place.found, ids = found.map((row) => row.key);
      const item = { ...lookOf(found, place.rings), ids, label: labelOf(found), selected: ids.includes(selected), first: false };
      if (place.rings) {
        content.areas.push({ ...item, rings: place.rings, hatched: found.some((row) => row.precision === "linear_or_fuzzy") });
      } else {
        const exact = found.every((row) => row.precision === "exact");
        content.spots.push({ ...item, lat: place.at[0], lon: place.at[1], hollow: found.some((row) => row.precision === "near_settlement"),
                             uncertainty_km: exact ? 0 : Math.max(...found.map((row) => row.radius)) });
      }
      content.names.push({ words: place.rings ? found[0].at + " (" + found.length + ")" : found[0].at, at: place.at });
    }
    content.legend = legendOf(places);
    if (!looked && data.bounds) content.view = { token: "all", bounds: data.bounds };
    looked = true;
    return content;
  }

  function legendOf(places) {
    const found = places.flatMap((place) => place.found), entries = new Map();
    const inAreas = new Set(places.filter((place) => place.rings).flatMap((place) => place.found.map((row) => row.group)));
    for (const group of data.groups.filter((one) => found.some((row) => row.group === one.name))) {
      const look = data.looks[group.name];
      const entry = entries.get(look.label) || { kind: "symbol", label: look.label, shape: look.shape, colour: look.colour };
      if (inAreas.has(group.name)) entry.area = { colour: look.areaColour, outlined: look.outlined };
      entries.set(look.label, entry);
    }
    const legend = [...entries.values()];
    if (places.some((place) => new Set(place.found.map((row) => row.group)).size > 1))
      legend.push({ kind: "symbol", label: data.several.groups, shape: data.several.shape });
    if (places.some((place) => !place.rings && place.found.length > 1))
      legend.push({ kind: "symbol", label: data.several.incidents, shape: data.several.shape, count: 2 });
    const precisions = new Set(found.map((row) => row.precision));
    return legend.concat(data.precisions.filter((entry) => precisions.has(entry.precision)));
  }

  function startMap() {
    map = L.map("map_div", { zoomSnap: 0.25, zoomDelta: 1, worldCopyJump: false, center: [20, 25], zoom: 3 });
    incidentDesk.start(map, { base: data.base, credit: data.credit, description: data.description, zooms: [0, 12] });
  }

  function drawMap(visible) {
    if (drawn) drawn.remove();
    drawn = incidentDesk.layer(payload(visible)).addTo(map);
    drawn.on("click", (event) => {
      const ids = event.sourceTarget.toGeoJSON().properties.ids;
      if (ids && ids.length) open(ids);
    });
  }

  // Incidents of a mark that was clicked: their entries open, the first one in sight and in focus.
  function open(keys) {
    $("list").querySelectorAll("details").forEach((entry) => { entry.open = keys.includes(entry.dataset.key); });
    const first = $("list").querySelector("details[open] > summary");
    if (first) { first.scrollIntoView({ block: "nearest" }); first.focus(); }
    select(keys[0]);
  }

  function select(key) {
    selected = key;
    drawMap(rows.filter(shown));
  }

  // ---- timeline: upright bars where an incident lies within one period, bars of their own where it does not ------------

  function colourOf(group) { return data.looks[group].areaColour; }

  function timeline(visible) {
    const box = $("chart"), bins = data.bins, width = Math.max(box.clientWidth, 280);
    box.replaceChildren();
    if (!bins.length) return void make(box, "p", "No incident has a date.", "hint");
    const long = visible.filter((row) => row.bin === null && row.start);
    const tall = 120, top = 14, lane = 13, lanes = Math.min(long.length, 14), left = 26, step = (width - left - 6) / bins.length;
    const height = top + tall + 22 + (lanes ? 14 + lanes * lane : 0);
    const svg = draw(box, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", height });
    const counted = bins.map((_, at) => visible.filter((row) => row.bin === at));
    const most = Math.max(1, ...counted.map((found) => found.length));
    const told = counted.map((found, at) => found.length ? bins[at].words + ": " + found.length : "").filter(Boolean);
    svg.setAttribute("aria-label", "Incidents per " + data.period + ". " + (told.join(", ") || "None lies within one " + data.period) +
      (long.length ? `. ${long.length} more span several.` : "."));
    draw(svg, "line", { x1: left, x2: width - 6, y1: top + tall, y2: top + tall, stroke: "#8b96a3" });
    draw(svg, "text", { x: left - 6, y: top + 5, "text-anchor": "end" }, String(most));
    draw(svg, "text", { x: left - 6, y: top + tall + 3, "text-anchor": "end" }, "0");
    let free = 0;
    bins.forEach((bin, at) => {
      const x = left + at * step, group = draw(svg, "g", { class: "bin" });
      draw(group, "title", {}, `${bin.words}: ${counted[at].length}. Click to show only these days.`);
      draw(group, "rect", { class: "back", x, y: top, width: step, height: tall, fill: "transparent" });
      let y = top + tall;
      for (const one of data.groups) {
        const number = counted[at].filter((row) => row.group === one.name).length, size = (number / most) * tall;
        if (!number) continue;
        y -= size;
        draw(group, "rect", { x: x + step * 0.12, y, width: step * 0.76, height: size, fill: colourOf(one.name),
          "fill-opacity": data.looks[one.name].outlined ? 0.35 : 0.95, stroke: "#fff", "stroke-width": 0.8 });
      }
      group.addEventListener("click", () => { setDays(bin.start, bin.end); update(); });
      const half = bin.label.length * 3.1;
      if (x + step / 2 - half >= free && x + step / 2 + half <= width) {
        draw(svg, "text", { x: x + step / 2, y: top + tall + 15, "text-anchor": "middle" }, bin.label);
        free = x + step / 2 + half + 10;
      }
    });
    const begin = Date.parse(bins[0].start), span = Date.parse(bins[bins.length - 1].end) - begin + 864e5;
    const along = (day) => (Date.parse(day) - begin) / span, x0 = left, x1 = width - 6;
    long.slice(0, lanes).forEach((row, at) => {
      const y = top + tall + 26 + at * lane, from = along(row.start), to = along(row.end);
      const before = to < 0, after = from > 1, group = draw(svg, "g", {});
      draw(group, "title", {}, `${row.when}: ${row.where}, ${row.who}`);
      // What lies beyond the axis is written and not drawn at its edge, where it never was.
      if (before || after) {
        return void draw(group, "text", { x: before ? x0 : x1, y: y + 9, "text-anchor": before ? "start" : "end" },
                         before ? `◂ ${row.when}, ${row.where}` : `${row.when}, ${row.where} ▸`);
      }
      const x = x0 + Math.max(from, 0) * (x1 - x0), end = x0 + Math.min(to, 1) * (x1 - x0);
      draw(group, "rect", { x, y, height: lane - 4, rx: 2, width: Math.max(end - x, 4), fill: colourOf(row.group), "fill-opacity": 0.75 });
      if (from < 0) draw(group, "text", { x: x0 - 3, y: y + 9, "text-anchor": "end" }, "◂");
      if (to > 1) draw(group, "text", { x: x1 - 3, y: y + 9 }, "▸");
    });
    const more = [];
    if (long.length) more.push(`${long.length} of no single ${data.period} as bars` + (long.length > lanes ? ` (${lanes} of them drawn)` : ""));
    const undated = visible.filter((row) => !row.start).length;
    if (undated) more.push(`${undated} without a date, in the list`);
    make(box, "p", `Per ${data.period}${more.length ? "; " + more.join("; ") : ""}. A click on a ${data.period} shows only its days.`, "hint");
  }

  // ---- list ------------------------------------------------------------------------------------------------------------

  function listOnce() {
    for (const row of rows) {
      const item = make($("list"), "li"), entry = make(item, "details"), head = make(entry, "summary");
      row.item = item;
      entry.dataset.key = row.key;
      make(head, "span", row.where, "where");
      if (!row.mapped) make(head, "span", "not on the map", "off");
      make(head, "span", row.when + " · " + row.who, "when");
      entry.addEventListener("toggle", () => {
        if (entry.open && entry.children.length === 1) details(entry, row);
        if (entry.open && document.activeElement === head) select(row.key);
      });
    }
  }

  function details(entry, row) {
    const list = make(entry, "dl");
    for (const [label, words] of row.told) { make(list, "dt", label); make(list, "dd", words); }
  }

  function update() {
    const visible = rows.filter(shown), hidden = new Set(rows);
    visible.forEach((row) => hidden.delete(row));
    rows.forEach((row) => { row.item.hidden = hidden.has(row); });
    const unmapped = visible.filter((row) => !row.mapped).length;
    $("count").textContent = `${visible.length} of the ${rows.length} incidents in this file shown, ${unmapped} not on the map`;
    $("empty").hidden = visible.length > 0;
    if (selected && !visible.some((row) => row.key === selected)) selected = null;
    drawMap(visible);
    timeline(visible);
    for (const [at, source] of data.sources.entries()) $("sources").children[at].hidden = !source.rows.some((number) => shown(rows[number]));
    $("unmapped").querySelectorAll("li").forEach((item) => { item.hidden = !shown(byKey.get(item.dataset.key)); });
    $("unmapped-card").hidden = unmapped === 0;
  }

  // ---- once ------------------------------------------------------------------------------------------------------------

  $("title").textContent = data.title;
  $("answers").textContent = data.answers;
  for (const [label, words] of data.account) { make($("account"), "dt", label); make($("account"), "dd", words); }
  for (const source of data.sources) make($("sources"), "li", source.words);
  $("no-sources").hidden = data.sources.length > 0;
  for (const row of rows.filter((one) => !one.mapped)) make($("unmapped"), "li", `${row.when}, ${row.where}: ${row.why}`).dataset.key = row.key;
  filterPanel();
  listOnce();
  startMap();
  update();
  addEventListener("resize", () => timeline(rows.filter(shown)));
})();
