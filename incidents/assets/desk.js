// The browser's half of the map: base map, labels, incidents with their precision, overlays and legend.
// `incidents/webmap.py` calls `incidentDesk.start` once and `incidentDesk.layer` at every change of what is shown.
// Text in a payload is HTML already made safe there; nothing else here makes HTML out of data.
(function () {
  "use strict";

  const ASSETS = "../../assets/"; // seen from the component's frame, also behind a path prefix
  const THEMES = {
    light: { sea: "#e9eef2", land: "#fbfaf7", country: "#8b96a3", division: "#d3d7dc", disputed: "#6d7885",
             label: "#414b57", halo: "rgba(251,250,247,.9)", ink: "#1d232b", paper: "#ffffff", several: "#2b2f36" },
    dark: { sea: "#0b0f14", land: "#161d25", country: "#6b7885", division: "#35404b", disputed: "#93a0ad",
            label: "#c6d0da", halo: "rgba(17,22,28,.85)", ink: "#f2f5f8", paper: "#161c23", several: "#c9d1da" },
  };
  const desk = { theme: THEMES.light, map: null, base: null, names: [], placeNames: [], viewToken: null, told: {}, obeying: false };

  // ---- symbols: one path per shape, in a box of radius r around the origin ---------------------------------------

  function polygon(ctx, corners, r, turn, inner) {
    const n = inner ? corners * 2 : corners;
    for (let i = 0; i < n; i++) {
      const radius = inner && i % 2 ? r * inner : r;
      const angle = (i * 2 * Math.PI) / n + turn;
      ctx[i ? "lineTo" : "moveTo"](radius * Math.cos(angle), radius * Math.sin(angle));
    }
    ctx.closePath();
  }

  const SHAPES = {
    circle: (ctx, r) => ctx.arc(0, 0, r, 0, 2 * Math.PI),
    ring: (ctx, r) => ctx.arc(0, 0, r, 0, 2 * Math.PI),
    square: (ctx, r) => polygon(ctx, 4, r * 1.2, Math.PI / 4),
    diamond: (ctx, r) => polygon(ctx, 4, r * 1.25, 0),
    triangle: (ctx, r) => polygon(ctx, 3, r * 1.3, -Math.PI / 2),
    pentagon: (ctx, r) => polygon(ctx, 5, r * 1.15, -Math.PI / 2),
    star: (ctx, r) => polygon(ctx, 5, r * 1.4, -Math.PI / 2, 0.45),
    cross: (ctx, r) => polygon(ctx, 4, r * 1.45, 0, 0.5),
    arrow: (ctx, r) => { ctx.moveTo(r, 0); ctx.lineTo(-r, r * 0.8); ctx.lineTo(-r * 0.4, 0); ctx.lineTo(-r, -r * 0.8); ctx.closePath(); },
  };

  // style: {shape, colour, hollow, selected, rotate}, and the badges {count, first}
  function drawSymbol(ctx, x, y, r, style) {
    ctx.save();
    ctx.setLineDash([]); // the ring drawn before may have left its dashes
    ctx.translate(x, y);
    if (style.selected) {
      ctx.beginPath(); ctx.arc(0, 0, r + 6, 0, 2 * Math.PI);
      ctx.lineWidth = 3; ctx.strokeStyle = desk.theme.ink; ctx.globalAlpha = 1; ctx.stroke();
    }
    if (style.rotate) ctx.rotate(style.rotate);
    if (style.shape) {
      const colour = style.colour || desk.theme.several; // no colour: several groups
      ctx.beginPath();
      SHAPES[style.shape](ctx, r);
      ctx.fillStyle = style.hollow ? desk.theme.paper : colour;
      ctx.globalAlpha = style.hollow ? 0.75 : 0.95; ctx.fill(); ctx.globalAlpha = 1;
      ctx.lineWidth = style.hollow ? 2.5 : 1.5;
      ctx.strokeStyle = style.hollow ? colour : desk.theme.paper; ctx.stroke();
      if (style.hollow) { ctx.lineWidth = 0.75; ctx.strokeStyle = desk.theme.ink; ctx.stroke(); }
    }
    if (style.count > 1) {
      ctx.beginPath(); ctx.arc(r * 0.9, -r * 0.9, 8, 0, 2 * Math.PI);
      ctx.fillStyle = desk.theme.ink; ctx.fill();
      text(ctx, String(style.count), r * 0.9, -r * 0.9 + 0.5, "600 11px", desk.theme.paper);
    }
    if (style.first) {
      ctx.fillStyle = desk.theme.ink; ctx.fillRect(-r - 15, -r - 9, 19, 13);
      text(ctx, "1st", -r - 5.5, -r - 2.2, "600 10px", desk.theme.paper);
    }
    ctx.restore();
  }

  function text(ctx, words, x, y, font, colour) {
    ctx.font = font + " system-ui, 'Noto Sans', sans-serif";
    ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.fillStyle = colour;
    ctx.fillText(words, x, y);
  }

  L.Canvas.include({
    _updateDeskSymbol: function (layer) {
      if (!this._drawing || layer._empty()) return;
      drawSymbol(this._ctx, layer._point.x, layer._point.y, layer._radius, layer.options.symbol);
    },
    _updateDeskHatch: function (layer) {
      this._updatePoly(layer, true);
      if (!this._drawing || !layer._parts.length) return;
      const ctx = this._ctx;
      ctx.save(); ctx.setLineDash([]); ctx.clip("evenodd");
      const box = layer._pxBounds;
      ctx.beginPath(); ctx.globalAlpha = 0.55; ctx.lineWidth = 1; ctx.strokeStyle = layer.options.color;
      const height = box.max.y - box.min.y;
      for (let x = box.min.x - height; x < box.max.x; x += 9) { ctx.moveTo(x, box.max.y); ctx.lineTo(x + height, box.min.y); }
      ctx.stroke(); ctx.restore();
    },
  });
  const Symbol = L.CircleMarker.extend({
    _updatePath: function () { this._renderer._updateDeskSymbol(this); },
  });

  // At a small scale a district is a few pixels wide, and a crossing shorter than its arrow. They keep their place and
  // shape, and are drawn no smaller than can be seen.
  const LEAST_AREA = 22, LEAST_LINE = 32, LEAST_BOW = 12, MARK = 9;

  // Leaflet rounds to whole pixels, which would leave no shape and no direction of what is this small.
  function unrounded(map, latlng) { return map.project(latlng)._subtract(map.getPixelOrigin()); }

  function drawAlong(layer, rings) {
    layer._rings = rings;
    layer._rawPxBounds = L.bounds(rings.flat());
    layer._updateBounds();
  }

  const Area = L.Polygon.extend({
    _project: function () {
      L.Polygon.prototype._project.call(this);
      const rough = this._rawPxBounds ? this._rawPxBounds.getSize() : null;
      if (!rough || Math.max(rough.x, rough.y) >= LEAST_AREA) return;
      const rings = this._latlngs.map((ring) => ring.map((corner) => unrounded(this._map, corner)));
      const box = L.bounds(rings.flat()), size = box.getSize(), middle = box.getCenter();
      const factor = LEAST_AREA / Math.max(size.x, size.y);
      drawAlong(this, rings.map((ring) => ring.map((corner) => middle.add(corner.subtract(middle)._multiplyBy(factor)))));
    },
    _updatePath: function () {
      if (this.options.hatched) this._renderer._updateDeskHatch(this);
      else L.Polygon.prototype._updatePath.call(this);
    },
  });

  // From place to place. A long line ends at the edge of the marks that it joins, so that it hides neither; a bowed one
  // passes beside what lies between.
  const Line = L.Polyline.extend({
    _project: function () {
      L.Polyline.prototype._project.call(this);
      if (this._latlngs.length !== 2 || !this._rawPxBounds) return;
      const [from, to] = this._latlngs.map((end) => unrounded(this._map, end)), length = from.distanceTo(to);
      if (!length) return;
      const wanted = Math.max(LEAST_LINE, length - 2 * MARK), along = to.subtract(from)._divideBy(length);
      const start = from.add(to)._divideBy(2)._subtract(along.multiplyBy(wanted / 2));
      const bow = this.options.bowed ? Math.max(LEAST_BOW, 0.1 * wanted) : 0, side = L.point(along.y, -along.x);
      drawAlong(this, [Array.from({ length: 21 }, (_, i) => i / 20).map((share) =>
        start.add(along.multiplyBy(wanted * share)).add(side.multiplyBy(bow * 4 * share * (1 - share))))]);
    },
    _updatePath: function () {
      L.Polyline.prototype._updatePath.call(this);
      if (!this.options.arrow || !this._renderer._drawing || !this._parts.length) return;
      const ring = this._rings[0], head = ring.length > 2 ? 12 : 1, along = ring[head].subtract(ring[head - 1]);
      drawSymbol(this._renderer._ctx, ring[head].x, ring[head].y, 7,
                 { shape: "arrow", colour: this.options.color, rotate: Math.atan2(along.y, along.x) });
    },
  });

  // ---- base map ----------------------------------------------------------------------------------------------------

  // Rings travel as [x0, y0, dx, dy, ...] in thousandths of a degree.
  function ring(packed) {
    const points = new Array(packed.length / 2);
    let x = 0, y = 0;
    for (let i = 0; i < points.length; i++) {
      x += packed[2 * i]; y += packed[2 * i + 1];
      points[i] = [y / 1000, x / 1000];
    }
    return points;
  }

  function pane(map, name, z, passive) {
    const made = map.getPane(name) || map.createPane(name);
    made.style.zIndex = z;
    if (passive) made.style.pointerEvents = "none";
    return name;
  }

  async function fetchBase(address) {
    const answer = await fetch(ASSETS + "basemap/" + address);
    if (!answer.ok) throw new Error("base map: " + answer.status);
    return answer.json();
  }

  async function loadBase(map, config) {
    const base = config.base || await fetchBase(config.basemap); // a page to take along brings its own
    const canvas = L.canvas({ pane: pane(map, "base", 200, true), padding: 0.5 });
    const plain = { renderer: canvas, interactive: false };
    desk.base = {
      countries: base.countries.map((unit) => L.polygon(unit.rings.map(ring), { ...plain, fill: true, fillOpacity: 1, weight: 1 })),
      divisions: base.divisions.map((unit) => L.polygon(unit.rings.map(ring), { ...plain, fill: false, weight: 0.8 })),
      outlines: base.countries.map((unit) => L.polyline(unit.rings.map(ring), { ...plain, weight: 1.1 })),
      disputed: base.disputed.map((line) => L.polyline(line.rings.map(ring), { ...plain, weight: 1.4, dashArray: "5 4" })),
    };
    for (const part of ["countries", "divisions", "outlines", "disputed"]) desk.base[part].forEach((layer) => layer.addTo(map));
    desk.names = base.countries.map((unit) => ({ words: plainText(unit.name), at: unit.at, size: unit.size, country: true }))
      .concat(base.divisions.map((unit) => ({ words: plainText(unit.name), at: unit.at, size: unit.size, country: false })));
    paintBase();
  }

  function paintBase() {
    const theme = desk.theme, map = desk.map;
    map.getContainer().style.background = theme.sea;
    document.body.classList.toggle("desk-dark", theme === THEMES.dark);
    if (desk.base) {
      desk.base.countries.forEach((layer) => layer.setStyle({ color: theme.land, fillColor: theme.land }));
      desk.base.divisions.forEach((layer) => layer.setStyle({ color: theme.division }));
      desk.base.outlines.forEach((layer) => layer.setStyle({ color: theme.country }));
      desk.base.disputed.forEach((layer) => layer.setStyle({ color: theme.disputed }));
    }
    if (desk.labels) desk.labels.redraw();
    if (desk.incidents) desk.incidents.eachLayer((layer) => layer.redraw && layer.redraw());
    if (desk.legend) desk.legend.repaint();
  }

  // A text that was made safe for HTML, as the text it stands for: a textarea holds characters, never elements.
  function plainText(safe) {
    const holder = document.createElement("textarea");
    holder.innerHTML = safe;
    return holder.value;
  }

  // ---- labels: drawn once per view, the larger unit first, none over another ---------------------------------------

  const Labels = L.Layer.extend({
    onAdd: function (map) {
      this._canvas = L.DomUtil.create("canvas", "desk-labels", map.getPane(pane(map, "names", 450, true)));
      map.on("moveend zoomend resize", this.redraw, this);
      map.on("zoomstart", this._hide, this);
      this.redraw();
    },
    _hide: function () { this._canvas.style.visibility = "hidden"; },
    redraw: function () {
      const map = this._map, canvas = this._canvas, size = map.getSize(), scale = L.Browser.retina ? 2 : 1;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      canvas.width = size.x * scale; canvas.height = size.y * scale;
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px"; canvas.style.visibility = "";
      const ctx = canvas.getContext("2d"), zoom = map.getZoom(), taken = [];
      ctx.scale(scale, scale);
      for (const spot of desk.placeNames) taken.push(boxAround(map.latLngToContainerPoint(spot.at), 9, 9));
      const corner = map.getContainer().getBoundingClientRect();
      for (const control of map.getContainer().querySelectorAll(".leaflet-control")) {
        const { left, top, right, bottom } = control.getBoundingClientRect();
        taken.push({ x0: left - corner.left, x1: right - corner.left, y0: top - corner.top, y1: bottom - corner.top });
      }
      const wanted = desk.placeNames.filter((name) => zoom >= 5).map((name) => ({ ...name, place: true }))
        .concat(desk.names.filter((name) => (name.country ? zoom >= 3 || name.size > 40 : zoom >= 6.5) && zoom < 12));
      for (const name of wanted) {
        const at = map.latLngToContainerPoint(name.at);
        if (at.x < 0 || at.y < 9 || at.x > size.x || at.y > size.y - (name.place ? 26 : 9)) continue;
        const font = name.place ? "500 12px" : name.country ? "600 12px" : "400 11px";
        ctx.font = font + " system-ui, 'Noto Sans', sans-serif";
        const words = name.country ? name.words.toUpperCase() : name.words;
        const half = ctx.measureText(words).width / 2 + 3;
        const y = name.place ? at.y + 17 : at.y;
        const x = Math.min(Math.max(at.x, half), size.x - half); // a name at the map's edge is moved in, not cut off
        const box = boxAround({ x, y }, half, 8);
        // a unit's name is drawn only where the unit is wide enough on screen to carry it
        if (!name.place && name.size * Math.pow(2, zoom) * 0.71 < half * 1.1) continue;
        if (taken.some((other) => box.x0 < other.x1 && box.x1 > other.x0 && box.y0 < other.y1 && box.y1 > other.y0)) continue;
        taken.push(box);
        ctx.textAlign = "center"; ctx.textBaseline = "middle";
        ctx.lineWidth = 3; ctx.lineJoin = "round"; ctx.strokeStyle = desk.theme.halo; ctx.strokeText(words, x, y);
        ctx.fillStyle = name.place ? desk.theme.ink : desk.theme.label; ctx.fillText(words, x, y);
      }
    },
  });

  function boxAround(at, half, tall) { return { x0: at.x - half, x1: at.x + half, y0: at.y - tall, y1: at.y + tall }; }

  // ---- legend: only what is shown, drawn by the same functions ------------------------------------------------------

  // It stands below the map, not on it, so that no entry hides an incident or moves the map; the frame takes the height
  // that both need. st_folium asks for the height that it was given once: it gets this one.
  function legendBelow(map) {
    const box = document.createElement("div"), setHeight = window.Streamlit.setFrameHeight;
    let kept = { width: 0, height: 0 };
    box.className = "desk-legend";
    box.setAttribute("role", "region"); box.setAttribute("aria-label", "Legend");
    document.getElementById("root").after(box);
    window.Streamlit.setFrameHeight = () => {
      // In a wide window the timeline lies right below: it does not move up while days are chosen on it.
      const width = box.offsetWidth, stays = width === kept.width && width >= 480;
      const height = Math.max(box.offsetHeight, stays ? kept.height : 0);
      if (getComputedStyle(box).display === "grid") kept = { width, height }; // else the style sheet is still on its way
      setHeight(map.getContainer().offsetHeight + height);
    };
    new ResizeObserver(() => window.Streamlit.setFrameHeight()).observe(box);
    return {
      show: function (entries) { this.entries = entries; this.repaint(); },
      repaint: function () {
        box.replaceChildren();
        for (const entry of this.entries || []) {
          const row = L.DomUtil.create("div", "desk-legend-row", box);
          const canvas = L.DomUtil.create("canvas", "", row), scale = L.Browser.retina ? 2 : 1;
          canvas.width = 34 * scale; canvas.height = 20 * scale;
          canvas.setAttribute("aria-hidden", "true");
          const ctx = canvas.getContext("2d"); ctx.scale(scale, scale);
          drawLegend(ctx, entry);
          L.DomUtil.create("span", "", row).innerHTML = entry.label;
        }
      },
    };
  }

  const FAINT = 0.06, TINTED = 0.2;

  function tint(area, selected) {
    return { color: area.colour || desk.theme.several, fillColor: area.colour || desk.theme.several,
             weight: (area.outlined ? 3 : 1.8) + (selected ? 2.2 : 0),
             fillOpacity: (area.outlined ? FAINT : TINTED) + (selected ? 0.12 : 0) };
  }

  function paintTint(ctx, area) {
    const { color, weight, fillOpacity } = tint(area, false);
    ctx.globalAlpha = fillOpacity; ctx.fillStyle = color; ctx.fill(); ctx.globalAlpha = 1;
    ctx.lineWidth = weight; ctx.strokeStyle = color; ctx.stroke();
  }

  function drawLegend(ctx, entry) {
    const ink = desk.theme.ink;
    if (entry.area) { // the tint of the group's districts and provinces, behind its mark
      ctx.beginPath(); ctx.rect(3, 2, 28, 16); paintTint(ctx, entry.area);
    }
    if (entry.kind === "symbol") return drawSymbol(ctx, entry.first ? 24 : entry.count ? 13 : 17, entry.count || entry.first ? 13 : 10, entry.count ? 5 : 6, entry);
    if (entry.kind === "ring") {
      ctx.beginPath(); ctx.arc(17, 10, 8.5, 0, 2 * Math.PI); ctx.setLineDash([2, 3]); ctx.strokeStyle = ink; ctx.stroke(); ctx.setLineDash([]);
      return drawSymbol(ctx, 17, 10, 4, { shape: "circle", colour: ink, hollow: entry.hollow });
    }
    ctx.beginPath();
    if (entry.kind === "area" || entry.kind === "band") {
      ctx.rect(5, 4, 24, 12); ctx.globalAlpha = entry.opacity; ctx.fillStyle = entry.colour || ink; ctx.fill(); ctx.globalAlpha = 1;
      if (entry.kind === "area" || entry.weight) {
        ctx.strokeStyle = entry.colour || ink; ctx.lineWidth = entry.weight || 1.5; ctx.stroke();
      }
      if (entry.hatched) {
        ctx.save(); ctx.clip(); ctx.beginPath(); ctx.lineWidth = 1;
        for (let x = -10; x < 34; x += 7) { ctx.moveTo(x, 18); ctx.lineTo(x + 16, 2); }
        ctx.stroke(); ctx.restore();
      }
      return;
    }
    ctx.moveTo(2, 10); ctx.lineTo(32, 10); ctx.lineWidth = entry.weight; ctx.strokeStyle = entry.colour || ink; ctx.lineCap = "round";
    ctx.setLineDash((entry.dash || "").split(" ").filter(Boolean).map(Number)); ctx.stroke(); ctx.setLineDash([]);
    if (entry.arrow) drawSymbol(ctx, 22, 10, 5, { shape: "arrow", colour: entry.colour || ink });
  }

  // ---- what is shown ------------------------------------------------------------------------------------------------

  function answering(layer, item) {
    // st_folium reports a clicked layer by its GeoJSON; the desk needs only which incidents it stands for.
    layer.toGeoJSON = () => ({ type: "Feature", geometry: null, properties: { ids: item.ids } });
    layer.bindTooltip(item.label, { sticky: true, className: "desk-tip", opacity: 1 });
    return layer;
  }

  function build(map, payload) {
    const renderer = desk.renderer, group = L.featureGroup(), still = { renderer, interactive: false };
    for (const band of payload.bands) { // one with a label can be asked what it stands for
      const surface = L.polygon(band.rings.map(ring), { renderer, interactive: Boolean(band.label), stroke: Boolean(band.weight),
        color: band.colour, weight: band.weight || 0, fillColor: band.colour, fillOpacity: band.opacity }).addTo(group);
      if (band.label) answering(surface, { ids: [], label: band.label });
    }
    for (const outline of payload.outlines) {
      L.polygon(outline.rings.map(ring), { ...still, color: desk.theme.ink, weight: 2.5, fillOpacity: 0.04 }).addTo(group);
    }
    for (const area of payload.areas) {
      const shape = new Area(area.rings.map(ring), { renderer, hatched: area.hatched, ...tint(area, area.selected) });
      answering(shape, area).addTo(group);
    }
    for (const spot of payload.spots) {
      L.circle([spot.lat, spot.lon], { ...still, radius: spot.uncertainty_km * 1000, color: spot.colour || desk.theme.several, weight: 1.3,
        dashArray: "2 4", fillColor: spot.colour || desk.theme.several, fillOpacity: 0.07 }).addTo(group);
    }
    // A line is clicked below the marks that it joins, and drawn above them, but below their badges.
    const lines = payload.lines.map((line) => ({ ...line, path: line.points.map(([lon, lat]) => [lat, lon]) }));
    for (const line of lines) answering(new Line(line.path, { renderer, opacity: 0, weight: 9, bowed: line.bowed }), line).addTo(group);
    for (const spot of payload.spots) {
      const symbol = { shape: spot.shape, colour: spot.colour, hollow: spot.hollow, selected: spot.selected };
      answering(new Symbol([spot.lat, spot.lon], { renderer, radius: 8, symbol }), spot).addTo(group);
    }
    for (const line of lines) {
      new Line(line.path, { ...still, color: line.colour, weight: line.weight, dashArray: line.dash || null, lineCap: "round",
        opacity: 0.95, bowed: line.bowed, arrow: line.arrow }).addTo(group);
    }
    for (const spot of payload.spots.filter((one) => one.ids.length > 1 || one.first)) {
      new Symbol([spot.lat, spot.lon], { ...still, radius: 8, symbol: { count: spot.ids.length, first: spot.first } }).addTo(group);
    }
    desk.placeNames = payload.names.map((name) => ({ words: plainText(name.words), at: name.at }));
    desk.incidents = group;
    desk.labels.redraw();
    desk.legend.show(payload.legend);
    look(map, payload.view);
    return group;
  }

  // A view is obeyed once per token, so that a change of what is shown never moves the map.
  function look(map, view) {
    if (!view || view.token === desk.viewToken) return;
    desk.viewToken = view.token;
    tell({ moved: false });
    obey(map, view);
    // While the page is still being laid out, the frame grows under the map: the same wish, for its new size.
    desk.refit = () => obey(map, view);
    setTimeout(() => { desk.refit = null; }, 2500);
  }

  // What the page is told beside the position that st_folium reports: the wish that was obeyed last, if the reader has
  // moved the map since, and if his window is so narrow that the card is not beside the map. It travels in a field that
  // only geocoders use.
  function tell(news) {
    Object.assign(desk.told, news, { view: desk.viewToken, narrow: window.parent.innerWidth <= 640 });
    window.__GLOBAL_DATA__.last_geocoder_result = { ...desk.told };
  }

  function obey(map, view) {
    desk.obeying = true;
    if (view.bounds) {
      const [west, south, east, north] = view.bounds;
      map.fitBounds([[south, west], [north, east]], { animate: false, padding: [18, 18], maxZoom: 9 });
    } else {
      map.setView([view.centre[1], view.centre[0]], view.zoom, { animate: false });
    }
    desk.obeying = false;
  }

  function follow(event) {
    const theme = event.detail && event.detail.theme;
    const next = theme && theme.base === "dark" ? THEMES.dark : THEMES.light;
    if (next === desk.theme) return;
    desk.theme = next;
    if (desk.map) paintBase();
  }
  window.Streamlit.events.addEventListener("streamlit:render", follow);

  window.incidentDesk = {
    start: function (map, config) {
      desk.map = map;
      map.setMinZoom(config.zooms[0]).setMaxZoom(config.zooms[1]);
      map.on("movestart", () => { if (!desk.obeying) { desk.refit = null; tell({ moved: true }); } });
      map.attributionControl.setPrefix(false).addAttribution(config.credit);
      const box = map.getContainer();
      box.setAttribute("role", "region"); box.setAttribute("aria-label", config.description);
      desk.renderer = L.canvas({ pane: pane(map, "incidents", 420, false), padding: 0.3, tolerance: 4 });
      desk.labels = new Labels().addTo(map);
      desk.legend = legendBelow(map);
      L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
      new ResizeObserver(() => { map.invalidateSize({ animate: false }); if (desk.refit) desk.refit(); }).observe(box);
      paintBase();
      loadBase(map, config).catch((error) => { map.attributionControl.addAttribution("Base map could not be loaded: " + error.message); throw error; });
    },
    layer: function (payload) { return build(desk.map, payload); },
  };
})();
