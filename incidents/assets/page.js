// The page that a briefer takes along: filters by group and date, map, timeline and list, all from the same rows.
// Data comes as JSON in the page and is shown as text, never as HTML, but for what was made safe for the map's labels.
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const rows = data.rows, byKey = new Map(rows.map((row) => [row.key, row]));
  const asked = { groups: new Set(data.groups.map((group) => group.name)), from: "", to: "" };
  const SVG = "http://www.w3.org/2000/svg";
  const dark = matchMedia("(prefers-color-scheme: dark)"), paper = matchMedia("print");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // `turnBack` is where Escape leads: the map, for whoever came to the list from it; `bin` is the period in focus.
  // `onScreen` is what the map looked at before a print, as long as the print lasts.
  let map = null, drawn = null, selected = null, looked = false, turnBack = null, bin = 0, onScreen = null;

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

  // A name within other words, so that one written from right to left leaves the order of the others alone.
  function alone(text) { return "\u2068" + text + "\u2069"; }

  function link(parent, address) {
    if (!/^https?:\/\/[^\s/]/i.test(address)) return void parent.append(address);
    Object.assign(make(parent, "a", address), { href: address, target: "_blank", rel: "noopener noreferrer" });
  }

  // ---- what is asked: the same rules as the desk's -------------------------------------------------------------------

  // An imprecise date counts where its interval overlaps the days asked for; undated ones only while none are.
  function shown(row) {
    if (!asked.groups.has(row.group)) return false;
    if (asked.from && !(row.end && row.end >= asked.from)) return false;
    return !(asked.to && !(row.start && row.start <= asked.to));
  }

  function filterPanel() {
    for (const group of data.groups) {
      const label = make($("groups"), "label"), box = make(label, "input"), words = make(label, "span");
      box.type = "checkbox"; box.value = group.name;
      box.addEventListener("change", () => { asked.groups[box.checked ? "add" : "delete"](group.name); update(); });
      make(words, "bdi", group.name);
      words.append(" (" + group.incidents + ")");
    }
    for (const key of ["from", "to"]) {
      $(key).min = data.first || ""; $(key).max = data.last || "";
      $(key).addEventListener("change", () => { asked[key] = $(key).value; update(); });
    }
    $("all").addEventListener("click", () => { setGroups(everyGroup()); update(); });
    $("none").addEventListener("click", () => { setGroups([]); update(); });
    $("reset").addEventListener("click", () => { setDays("", ""); setGroups(everyGroup()); update(); });
    if (matchMedia("(max-width: 640px)").matches) $("filters").open = false; // the map first, where there is little room
  }

  function everyGroup() { return data.groups.map((group) => group.name); }

  function setGroups(names) {
    asked.groups = new Set(everyGroup().filter((name) => names.includes(name)));
    $("groups").querySelectorAll("input").forEach((box) => { box.checked = asked.groups.has(box.value); });
  }

  // What is no day of the calendar is none: the field itself empties then.
  function setDays(from, to) {
    $("from").value = from; $("to").value = to;
    asked.from = $("from").value; asked.to = $("to").value;
  }

  // The address keeps what is asked, in the words of the desk's own link, so that a reload shows the same.
  function readAddress() {
    const kept = new URLSearchParams(location.hash.slice(1));
    setGroups(kept.has("group") ? kept.getAll("group") : everyGroup());
    setDays(kept.get("from") || "", kept.get("to") || "");
  }

  function writeAddress() {
    const kept = new URLSearchParams(), names = [...asked.groups];
    if (names.length < data.groups.length) (names.length ? names : [""]).forEach((name) => kept.append("group", name));
    for (const key of ["from", "to"]) if (asked[key]) kept.set(key, asked[key]);
    history.replaceState(null, "", (location.href.split("#")[0] + "#" + kept).replace(/#$/, ""));
  }

  function askedInWords() {
    const names = [...asked.groups], days = [asked.from && "from " + asked.from, asked.to && "to " + asked.to].filter(Boolean);
    return [names.length === data.groups.length ? "all groups" : names.map(alone).join(", ") || "no group", days.join(" ") || "all days"].join("; ");
  }

  // ---- the map: one mark per place, its group by shape and colour, its precision by ring, hollow mark or outline -----

  function lookOf(found, area) {
    const groups = new Set(found.map((row) => row.group));
    if (groups.size > 1) return { shape: data.several.shape, colour: null, outlined: false };
    const look = data.looks[found[0].group];
    return area ? { shape: look.shape, colour: look.areaColour, outlined: look.outlined } : { shape: look.shape, colour: look.colour };
  }

  function labelOf(found) {
    return found.length > 1 ? found.length + " incidents at " + alone(found[0].at) + ". Click to read them." : found[0].tip;
  }

  function payload(visible) {
    const content = { spots: [], areas: [], lines: [], bands: [], outlines: [], names: [], legend: [], view: null };
    const seen = new Set(visible);
    const places = data.places.map((place) => ({ ...place, found: place.rows.map((at) => rows[at]).filter((row) => seen.has(row)) }))
      .filter((place) => place.found.length);
    for (const place of places) {
      const found = place.found, ids = found.map((row) => row.key);
      const item = { ...lookOf(found, place.rings), ids, label: labelOf(found), selected: found.includes(selected), first: false };
      if (place.rings) {
        content.areas.push({ ...item, rings: place.rings, hatched: found.some((row) => row.precision === "linear_or_fuzzy") });
      } else {
        const exact = found.every((row) => row.precision === "exact");
        content.spots.push({ ...item, lat: place.at[0], lon: place.at[1], hollow: found.some((row) => row.precision === "near_settlement"),
                             uncertainty_km: exact ? 0 : Math.max(...found.map((row) => row.radius)) });
      }
      content.names.push({ words: place.rings ? alone(found[0].at) + " (" + found.length + ")" : found[0].at, at: place.at });
    }
    content.spots.sort((one, other) => one.selected - other.selected); // what is selected is covered by nothing
    content.legend = legendOf(places, visible);
    if (!looked && data.bounds) content.view = { token: "all", bounds: data.bounds };
    looked = true;
    return content;
  }

  // What map and timeline show between them: a bar of a group that has no mark must not be taken for another's.
  function legendOf(places, visible) {
    const found = places.flatMap((place) => place.found), entries = new Map();
    const inBars = new Set(visible.filter((row) => row.start).map((row) => row.group));
    const groups = new Set([...found.map((row) => row.group), ...inBars]);
    const inAreas = new Set(places.filter((place) => place.rings).flatMap((place) => place.found.map((row) => row.group)));
    for (const group of data.groups.filter((one) => groups.has(one.name))) {
      const look = data.looks[group.name];
      const entry = entries.get(look.label) || { kind: "symbol", label: look.label, shape: look.shape, colour: look.colour };
      const isTinted = look.outlined || look.areaColour !== look.colour; // a bar that its mark does not tell
      if (inAreas.has(group.name) || (inBars.has(group.name) && isTinted)) entry.area = { colour: look.areaColour, outlined: look.outlined };
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
    map = L.map("map_div", { zoomSnap: 0.25, zoomDelta: 1, worldCopyJump: false, center: [20, 25], zoom: 3,
                             zoomAnimation: !still, fadeAnimation: !still, inertia: !still });
    if (still) map.panBy = (offset) => L.Map.prototype.panBy.call(map, offset, { animate: false });
    incidentDesk.start(map, { base: data.base, credit: data.credit, description: data.description, zooms: [0, 12] });
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== map.getContainer()) return;
      const visible = rows.filter(shown), inSight = visible.find((row) => row.place && map.getBounds().contains(row.place.at));
      const first = selected || inSight || visible[0];
      if (!first) return;
      event.preventDefault();
      turnBack = map.getContainer();
      reach(first.head);
    });
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
    for (const row of rows) row.entry.open = keys.includes(row.key);
    turnBack = map.getContainer();
    reach(byKey.get(keys[0]).head);
  }

  // What is selected in the list stands out on the map, and is in sight there.
  function select(row) {
    if (selected === row) return;
    selected = row;
    markSelected();
    drawMap(rows.filter(shown));
    map.stop(); // else the way to the one before goes on
    // Not to the edge, but with what lies around it.
    if (row.place) map.panInside(row.place.at, { padding: map.getSize().divideBy(4), animate: !still });
  }

  // ---- light, dark and paper -----------------------------------------------------------------------------------------

  // The map has the colours of the reader's system, and light ones on paper; `desk.js` takes them as it does in the desk.
  function dress() {
    const base = dark.matches && !onScreen ? "dark" : "light";
    window.Streamlit.events.dispatchEvent(new CustomEvent("streamlit:render", { detail: { theme: { base } } }));
  }

  // A canvas cannot be laid out again once the print has begun. So all is drawn before it, for the width of a sheet and
  // at once (`reset`), over the same part of the world; and after it the screen is as it was.
  function print(begins) {
    if (begins === Boolean(onScreen)) return;
    const seen = map.getBounds(), before = onScreen;
    onScreen = begins ? { centre: map.getCenter(), zoom: map.getZoom(), retina: L.Browser.retina } : null;
    L.Browser.retina = begins || before.retina; // as fine as on the best of screens
    document.documentElement.classList.toggle("printing", begins);
    map.invalidateSize({ animate: false });
    dress();
    update();
    if (begins) map.fitBounds(seen, { reset: true, animate: false });
    else map.setView(before.centre, before.zoom, { reset: true, animate: false });
    map.fire("moveend"); // after a reset Leaflet leaves its canvases between the pixels
    if (begins) picture();
    else document.querySelector(".picture").remove();
  }

  // Chromium prints a canvas that was emptied for the print as white, over all that lies below it. So what the map's
  // canvases show goes onto a new one, which never was.
  function picture() {
    const box = map.getContainer(), corner = box.getBoundingClientRect(), made = document.createElement("canvas");
    made.className = "picture";
    made.width = 2 * corner.width; made.height = 2 * corner.height;
    for (const name of ["base", "incidents", "names"]) {
      const canvas = map.getPane(name).querySelector("canvas"), at = canvas.getBoundingClientRect();
      made.getContext("2d").drawImage(canvas, 2 * (at.x - corner.x), 2 * (at.y - corner.y), 2 * at.width, 2 * at.height);
    }
    box.append(made);
  }

  // ---- timeline: upright bars where an incident lies within one period, bars of their own where it does not ------------

  function colourOf(group) { return data.looks[group].areaColour; }

  // Groups of one colour differ as their areas on the map do: solid, or a strong edge around a faint middle.
  function bar(parent, group, attributes) {
    const made = draw(parent, "rect", { class: "bar", fill: colourOf(group), ...attributes });
    if (data.looks[group].outlined) Object.assign(made.style, { fillOpacity: 0.25, stroke: colourOf(group), strokeWidth: 1.5 });
  }

  function timeline(visible) {
    const box = $("chart"), bins = data.bins, width = Math.max(box.clientWidth, 280), held = box.contains(document.activeElement);
    box.replaceChildren();
    if (!bins.length) return void make(box, "p", "No incident has a date.", "hint");
    const long = visible.filter((row) => row.bin === null && row.start);
    const tall = 120, top = 14, lane = 13, lanes = Math.min(long.length, 14), left = 26, step = (width - left - 6) / bins.length;
    const height = top + tall + 22 + (lanes ? 14 + lanes * lane : 0);
    const svg = draw(box, "svg", { viewBox: `0 0 ${width} ${height}`, role: "group", height });
    const counted = bins.map((_, at) => visible.filter((row) => row.bin === at));
    const most = Math.max(1, ...counted.map((found) => found.length));
    const told = counted.map((found, at) => found.length ? bins[at].words + ": " + found.length : "").filter(Boolean);
    svg.setAttribute("aria-label", "Incidents per " + data.period + ". " + (told.join(", ") || "None lies within one " + data.period) +
      (long.length ? `. ${long.length} more span several.` : "."));
    draw(svg, "line", { x1: left, x2: width - 6, y1: top + tall, y2: top + tall, class: "axis" });
    draw(svg, "text", { x: left - 6, y: top + 5, "text-anchor": "end" }, String(most));
    draw(svg, "text", { x: left - 6, y: top + tall + 3, "text-anchor": "end" }, "0");
    let free = 0;
    bins.forEach((one, at) => {
      const x = left + at * step, chosen = asked.from === one.start && asked.to === one.end;
      const group = draw(svg, "g", { class: "bin", role: "button", tabindex: at === bin ? 0 : -1, "aria-pressed": chosen,
                                     "aria-label": `${one.words}: ${counted[at].length}` });
      draw(group, "title", {}, `${one.words}: ${counted[at].length}. Choose to show ${chosen ? "all" : "only these"} days.`);
      draw(group, "rect", { class: "back", x, y: top, width: step, height: tall });
      let y = top + tall;
      for (const { name } of data.groups) {
        const number = counted[at].filter((row) => row.group === name).length, size = (number / most) * tall;
        if (!number) continue;
        y -= size;
        bar(group, name, { x: x + step * 0.12, y, width: step * 0.76, height: size });
      }
      group.addEventListener("click", () => { bin = at; setDays(...(chosen ? ["", ""] : [one.start, one.end])); update(); });
      group.addEventListener("keydown", (event) => binKeys(event, at));
      const half = one.label.length * 3.1;
      if (x + step / 2 - half >= free && x + step / 2 + half <= width) {
        draw(svg, "text", { x: x + step / 2, y: top + tall + 15, "text-anchor": "middle" }, one.label);
        free = x + step / 2 + half + 10;
      }
    });
    const begin = Date.parse(bins[0].start), span = Date.parse(bins[bins.length - 1].end) - begin + 864e5;
    const along = (day) => (Date.parse(day) - begin) / span, x0 = left, x1 = width - 6;
    long.slice(0, lanes).forEach((row, at) => {
      const y = top + tall + 26 + at * lane, from = along(row.start), to = along(row.end);
      const before = to < 0, after = from > 1, group = draw(svg, "g", {});
      draw(group, "title", {}, `${row.when}: ${alone(row.where)}, ${row.who}`);
      // What lies beyond the axis is written and not drawn at its edge, where it never was.
      if (before || after) {
        return void draw(group, "text", { x: before ? x0 : x1, y: y + 9, "text-anchor": before ? "start" : "end" },
                         before ? `◂ ${row.when}, ${alone(row.where)}` : `${row.when}, ${alone(row.where)} ▸`);
      }
      const x = x0 + Math.max(from, 0) * (x1 - x0), end = x0 + Math.min(to, 1) * (x1 - x0);
      bar(group, row.group, { x, y, height: lane - 4, rx: 2, width: Math.max(end - x, 4), "fill-opacity": 0.75 });
      if (from < 0) draw(group, "text", { x: x0 - 3, y: y + 9, "text-anchor": "end" }, "◂");
      if (to > 1) draw(group, "text", { x: x1 - 3, y: y + 9 }, "▸");
      const words = `${row.when}, ${alone(row.where)}`, room = words.length * 6.2;
      if (end + 5 + room < x1) draw(group, "text", { x: end + 5, y: y + 9 }, words);
      else if (x - 5 - room > x0) draw(group, "text", { x: x - 5, y: y + 9, "text-anchor": "end" }, words);
    });
    const more = [];
    if (long.length) more.push(`${long.length} of no single ${data.period} as bars` + (long.length > lanes ? ` (${lanes} of them drawn)` : ""));
    const undated = visible.filter((row) => !row.start).length;
    if (undated) more.push(`${undated} without a date, in the list`);
    make(box, "p", `Per ${data.period}${more.length ? "; " + more.join("; ") : ""}. Choose a ${data.period} to see only its days, and again to see all; with the keyboard by arrows and Enter.`, "hint");
    if (held) box.querySelectorAll(".bin")[bin].focus();
  }

  function binKeys(event, at) {
    if (event.key === "Enter" || event.key === " ") event.currentTarget.dispatchEvent(new MouseEvent("click"));
    else if (!walk(event, [...$("chart").querySelectorAll(".bin")], at, "ArrowLeft", "ArrowRight")) return;
    else bin = [...$("chart").querySelectorAll(".bin")].indexOf(document.activeElement);
    event.preventDefault();
  }

  // One stop for Tab, whatever the number: arrows, Home and End go on from there. Tells whether the key was one of them.
  function walk(event, stops, at, back, on) {
    const next = { [back]: at - 1, [on]: at + 1, Home: 0, End: stops.length - 1 }[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return false;
    const stop = stops[Math.min(Math.max(next, 0), stops.length - 1)];
    stops[at].setAttribute("tabindex", -1); stop.setAttribute("tabindex", 0);
    reach(stop);
    return true;
  }

  // The focus alone would bring its place to the middle of the window, and the map beside the list out of it.
  function reach(stop) {
    stop.focus({ preventScroll: true });
    stop.scrollIntoView({ block: "nearest" });
  }

  // ---- list ------------------------------------------------------------------------------------------------------------

  function listOnce() {
    for (const row of rows) {
      const item = make($("list"), "li"), entry = make(item, "details"), head = make(entry, "summary");
      Object.assign(row, { item, entry, head });
      entry.dataset.key = row.key;
      make(head, "bdi", row.where, "where");
      if (!row.mapped) make(head, "span", "not on the map", "off");
      const when = make(head, "span", row.when + " · ", "when"), named = row.who.startsWith(row.group) ? row.group : "";
      make(when, "bdi", named);
      when.append(row.who.slice(named.length));
      entry.addEventListener("toggle", () => {
        if (entry.open && entry.children.length === 1) details(entry, row);
        if (entry.open && document.activeElement === head) entry.scrollIntoView({ block: "nearest" });
      });
      head.addEventListener("focus", () => select(row));
      head.addEventListener("click", () => select(row)); // not every browser gives focus to what is clicked
      entry.addEventListener("keydown", (event) => entryKeys(event, row));
    }
    $("list").addEventListener("pointerdown", () => { turnBack = null; });
    $("list").addEventListener("focusout", (event) => { if (!$("list").contains(event.relatedTarget)) turnBack = null; });
  }

  function entryKeys(event, row) {
    if (event.key === "Escape") {
      const to = turnBack || row.head;
      for (const one of turnBack ? rows : [row]) one.entry.open = false;
      reach(to);
    } else if (event.target === row.head) {
      const visible = rows.filter(shown);
      if (walk(event, visible.map((one) => one.head), visible.indexOf(row), "ArrowUp", "ArrowDown")) event.preventDefault();
    }
  }

  function markSelected() {
    for (const row of rows) row.head.classList.toggle("selected", row === selected);
  }

  function details(entry, row) {
    const list = make(entry, "dl"), cites = (source) => source.url && source.rows.includes(rows.indexOf(row));
    for (const [label, words] of row.told) { make(list, "dt", label); make(list, "dd", words).dir = "auto"; }
    if (!data.sources.some(cites)) return;
    make(list, "dt", "Links");
    const links = make(list, "dd");
    for (const source of data.sources.filter(cites)) link(make(links, "div"), source.url);
  }

  function sourcesOnce() {
    for (const source of data.sources) {
      const item = make($("sources"), "li");
      source.words.filter(Boolean).forEach((words, at) => { if (at) item.append(", "); make(item, "bdi", words); });
      if (source.url) { item.append(", "); link(item, source.url); }
      if (source.passages.length) item.append(" (" + source.passages.map(alone).join("; ") + ")");
    }
  }

  function update() {
    const visible = rows.filter(shown), hidden = new Set(rows);
    visible.forEach((row) => hidden.delete(row));
    rows.forEach((row) => { row.item.hidden = hidden.has(row); });
    const unmapped = visible.filter((row) => !row.mapped).length;
    $("count").textContent = `${visible.length} of the ${rows.length} incidents in this file shown, ${unmapped} not on the map`;
    $("empty").hidden = visible.length > 0;
    $("keys").hidden = visible.length === 0;
    if (selected && !visible.includes(selected)) selected = null;
    markSelected();
    const stop = selected || visible[0];
    for (const row of rows) row.head.tabIndex = row === stop ? 0 : -1;
    $("asked").textContent = "Shown of it: " + askedInWords() + ".";
    drawMap(visible);
    timeline(visible);
    for (const [at, source] of data.sources.entries()) $("sources").children[at].hidden = !source.rows.some((number) => shown(rows[number]));
    $("no-sources").hidden = Boolean($("sources").querySelector("li:not([hidden])"));
    $("unmapped").querySelectorAll("li").forEach((item) => { item.hidden = !shown(byKey.get(item.dataset.key)); });
    $("unmapped-card").hidden = $("why").hidden = unmapped === 0;
    writeAddress();
  }

  // ---- once ------------------------------------------------------------------------------------------------------------

  $("title").textContent = data.title;
  $("answers").textContent = data.answers;
  for (const [label, words] of data.account) { make($("account"), "dt", label); make($("account"), "dd", words).dir = "auto"; }
  for (const row of rows.filter((one) => !one.mapped)) {
    make($("unmapped"), "li", `${row.when}, ${alone(row.where)}: ${row.why}`).dataset.key = row.key;
  }
  for (const place of data.places) for (const at of place.rows) rows[at].place = place;
  // Within the page one goes without the address, which keeps the filters.
  document.querySelectorAll("a[href^='#']").forEach((inner) => inner.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector(inner.hash).scrollIntoView();
    document.querySelector(inner.hash).focus();
  }));
  filterPanel();
  listOnce();
  sourcesOnce();
  readAddress();
  dress();
  startMap();
  update();
  addEventListener("hashchange", () => { readAddress(); update(); });
  addEventListener("resize", () => timeline(rows.filter(shown)));
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  paper.addEventListener("change", () => print(paper.matches));
  dark.addEventListener("change", () => { dress(); update(); });
})();
