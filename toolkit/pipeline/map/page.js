// SPDX-License-Identifier: GPL-2.0-or-later
// Hover, choice, keyboard and zoom. Texts of the image are only ever set as text.
"use strict";
(() => {
  const lanes = document.querySelector("svg.lanes");
  const axis = document.querySelector("svg.axis");
  const details = document.querySelector(".details");
  const hint = document.querySelector(".hint");
  const whole = details.querySelector(".whole");
  const zoom = details.querySelector(".zoom");
  const extent = Number(lanes.dataset.extent);
  const svg = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const hex = (offset) => "0x" + offset.toString(16).padStart(8, "0");

  // An area: its group, box and row; the lane it is in; what it is called.
  const areas = [...lanes.querySelectorAll(".a")].map((group) => {
    const title = group.querySelector("title");
    group.setAttribute("aria-label", title.textContent);
    group.setAttribute("tabindex", "-1");
    title.remove();
    return {
      group, lane: group.parentNode, box: group.querySelector("svg"),
      body: group.querySelector(".b"), mark: group.querySelector(".mark"), hit: group.querySelector(".h"),
      label: group.querySelector("text"), row: document.getElementById("r" + group.id.slice(1)),
      offset: Number(group.dataset.o), size: Number(group.dataset.s),
    };
  });
  const of_group = new Map(areas.map((area) => [area.group, area]));
  const of_row = new Map(areas.map((area) => [area.row, area]));
  let chosen = null;
  let view = { from: 0, size: extent };

  const draw_axis = () => {
    let step = 1;
    while (step * axis.clientHeight < view.size * 40) step *= 2;
    axis.replaceChildren();
    for (let at = Math.ceil(view.from / step) * step; at < view.from + view.size; at += step) {
      const tick = svg("svg", { y: (at - view.from) / view.size * 100 + "%", overflow: "visible" });
      const text = svg("text", { class: "tick", x: "90%", y: at === view.from ? 10 : 4, "text-anchor": "end" });
      text.textContent = "0x" + at.toString(16);
      tick.append(svg("line", { class: "rule", x1: "92%", x2: "100%" }), text);
      axis.append(tick);
    }
  };

  const show = (from, size) => {
    size = Math.min(extent, Math.max(64, size));
    from = Math.max(0, Math.min(extent - size, from));
    view = { from, size };
    const height = lanes.clientHeight;
    for (const area of areas) {
      // What leaves the view ends just outside of it, so that labels stay inside.
      const top = Math.max(-1, (area.offset - from) / size * 100);
      const bottom = Math.min(101, (area.offset + area.size - from) / size * 100);
      area.group.toggleAttribute("hidden", bottom <= 0 || top >= 100);
      if (bottom <= 0 || top >= 100) continue;
      const pixels = (bottom - top) / 100 * height;
      area.box.setAttribute("y", top + "%");
      area.box.setAttribute("height", bottom - top + "%");
      area.box.setAttribute("overflow", pixels < 8 ? "visible" : "hidden");
      for (const part of [area.body, area.mark]) part?.setAttribute("height", pixels < 2 ? "2" : "100%");
      area.label.setAttribute("y", top < 0 ? 12 + height / 100 : 12);
      area.group.classList.toggle("tiny", pixels < 16);
      area.hit?.setAttribute("y", (pixels - 8) / 2);
      area.hit?.setAttribute("height", pixels < 8 ? "8" : "0");
    }
    whole.hidden = size >= extent;
    draw_axis();
  };
  const zoom_to = (area) => show(area.offset - area.size * 0.05, area.size * 1.1);
  const zoom_out = () => show(0, extent);

  const tell = (term, text) => {
    const name = document.createElement("dt");
    const value = document.createElement("dd");
    name.textContent = term;
    value.textContent = text;
    details.querySelector("dl").append(name, value);
    return value;
  };
  const texts = (row, selector) => [...row.querySelectorAll(selector)].map((found) => found.textContent);

  const describe = (row, drawn) => {
    const offset = Number(row.dataset.o), size = Number(row.dataset.s);
    details.querySelector("h2").textContent = row.querySelector("button").textContent;
    details.querySelector("dl").replaceChildren();
    tell("Kind", [row.dataset.kind, ...texts(row, ".about")].join(", "));
    tell("Offset", hex(offset) + " to " + hex(offset + size - 1));
    const shown = row.cells[2].textContent, exact = size + " bytes";
    tell("Size", shown === exact ? exact : shown + " = " + exact);
    const hash = row.cells[3].textContent;
    if (hash !== "") tell("SHA-256", hash).className = "hash";
    for (const text of texts(row, ".difference")) tell("Difference", text);
    for (const span of row.querySelectorAll("[class^=p-]")) tell("Problem", span.textContent).className = span.className;
    zoom.hidden = drawn === undefined;
    details.hidden = false;
  };

  const choose = (row) => {
    const area = of_row.get(row);
    for (const old of document.querySelectorAll(".chosen")) old.classList.remove("chosen");
    row.classList.add("chosen");
    if (area !== undefined) {
      chosen?.group.setAttribute("tabindex", "-1");
      chosen?.group.setAttribute("aria-pressed", "false");
      chosen = area;
      area.group.classList.add("chosen");
      area.group.setAttribute("tabindex", "0");
      area.group.setAttribute("aria-pressed", "true");
      const outside = area.offset >= view.from + view.size || area.offset + area.size <= view.from;
      if (outside) zoom_out();
    }
    describe(row, area);
  };
  const go = (area) => {
    if (area === undefined) return;
    choose(area.row);
    area.group.focus({ preventScroll: true });
  };

  // Up and down in a lane; left and right to what lies at the same place in the next lane.
  const beside = (area, step) => {
    const all = [...new Set(areas.map((other) => other.lane))];
    const lane = all[all.indexOf(area.lane) + step];
    const middle = area.offset + area.size / 2;
    const far = (other) => Math.max(other.offset - middle, middle - other.offset - other.size, 0);
    return areas.filter((other) => other.lane === lane)
      .reduce((best, other) => best === undefined || far(other) < far(best) ? other : best, undefined);
  };
  const in_lane = (area) => areas.filter((other) => other.lane === area.lane);
  const step = (area, by) => in_lane(area)[in_lane(area).indexOf(area) + by];
  const keys = {
    ArrowDown: (area) => go(step(area, 1)),
    ArrowUp: (area) => go(step(area, -1)),
    ArrowRight: (area) => go(beside(area, 1)),
    ArrowLeft: (area) => go(beside(area, -1)),
    Home: (area) => go(in_lane(area)[0]),
    End: (area) => go(in_lane(area).at(-1)),
    Enter: zoom_to,
    " ": zoom_to,
    Escape: zoom_out,
  };
  lanes.addEventListener("keydown", (event) => {
    const area = of_group.get(event.target.closest(".a"));
    if (area === undefined || !(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key](area);
  });
  // On the frame: Chromium makes an <svg> with such a listener a stop of Tab itself.
  lanes.parentNode.addEventListener("focusin", (event) => {
    const area = of_group.get(event.target.closest(".a"));
    if (area !== undefined && area !== chosen) choose(area.row);
  });
  lanes.addEventListener("click", (event) => go(of_group.get(event.target.closest(".a"))));
  lanes.addEventListener("dblclick", (event) => {
    const area = of_group.get(event.target.closest(".a"));
    if (area !== undefined) zoom_to(area);
  });
  document.querySelector(".list").addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr");
    if (row !== null) choose(row);
  });
  zoom.addEventListener("click", () => chosen !== null && zoom_to(chosen));
  whole.addEventListener("click", zoom_out);

  lanes.addEventListener("pointermove", (event) => {
    const area = of_group.get(event.target.closest(".a"));
    // What is chosen is in the details already.
    hint.hidden = area === undefined || area === chosen || event.pointerType === "touch";
    if (hint.hidden) return;
    hint.textContent = area.group.getAttribute("aria-label");
    const { width, height } = hint.getBoundingClientRect();
    hint.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 8)) + "px";
    hint.style.top = Math.max(4, Math.min(event.clientY + 16, innerHeight - height - 8)) + "px";
  });
  for (const event of ["pointerleave", "pointerdown"])
    lanes.addEventListener(event, () => { hint.hidden = true; });
  addEventListener("resize", () => show(view.from, view.size));

  areas[0]?.group.setAttribute("tabindex", "0");
})();
