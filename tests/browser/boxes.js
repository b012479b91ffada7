// Return what is wrong with the boxes of the page as it is laid out now: text that other text or a control
// covers, text that is cut, output that must be scrolled sideways, and a page that scrolls sideways.
() => {
  const faults = new Map();
  const report = (what, text, element) => {
    const own = element.tagName.toLowerCase() + [...element.classList].map((name) => `.${name}`).join("");
    const place = element.closest("[id]")?.id;
    const key = `${what}: ${place ? `#${place} ` : ""}${own}`;
    if (!faults.has(key)) faults.set(key, text.trim().replace(/\s+/g, " ").slice(0, 40));
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) report("the page scrolls sideways", `${root.scrollWidth}`, root);

  // A drawer that is closed stands beside the window.
  const inside = ({ left, right, width, height }) => width > 1 && height > 1 && right > 0 && left < innerWidth;
  const clipping = new Map(); // the boxes around an element that do not let its text out
  const clips = (element) => {
    if (!element || element === document.body) return [];
    if (!clipping.has(element)) {
      const { overflowX, overflowY, position } = getComputedStyle(element);
      const around = position === "fixed" ? [] : clips(element.parentElement);
      const shown = overflowX === "visible" && overflowY === "visible";
      const own = shown ? [] : [{ element, overflowX, overflowY, box: element.getBoundingClientRect() }];
      clipping.set(element, [...own, ...around]);
    }
    return clipping.get(element);
  };
  const isHidden = (how) => how === "hidden" || how === "clip";

  const pieces = [];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const visibility = new Map();
  const isVisible = (element) => {
    if (!visibility.has(element)) {
      const options = { visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: false };
      visibility.set(element, !element.matches("script, style, option, title, desc") && element.checkVisibility(options));
    }
    return visibility.get(element);
  };
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !isVisible(element)) continue;
    range.selectNodeContents(node);
    const around = clips(element);
    if (around.some(({ box }) => box.width <= 1 || box.height <= 1)) continue; // for screen readers only
    for (const rect of range.getClientRects()) {
      if (!inside(rect)) continue;
      const { left, right, top, bottom } = rect;
      let scrolled = false;
      for (const { element: clip, overflowX, overflowY, box } of around) {
        const beside = right > box.right + 1 || left < box.left - 1;
        const beyond = (top + bottom) / 2 > box.bottom || (top + bottom) / 2 < box.top;
        if (beside && !scrolled && isHidden(overflowX)) report("cut text", node.data, clip);
        else if (beyond && !scrolled && isHidden(overflowY)) report("cut text", node.data, clip);
        else if (beside && clip.closest(".ps-output")) report("output to scroll sideways", node.data, clip);
        scrolled ||= (beside && !isHidden(overflowX)) || (beyond && !isHidden(overflowY));
      }
      // Lines that follow each other may touch, so only the middle of a line counts.
      const rim = (bottom - top) / 4;
      if (!scrolled) pieces.push({ left, right, top: top + rim, bottom: bottom - rim, node, element, text: node.data });
    }
  }
  for (const node of document.querySelectorAll("button, select, input, textarea, summary")) {
    const rect = node.getBoundingClientRect();
    if (!isVisible(node) || !inside(rect)) continue;
    const { left, right, top, bottom } = rect;
    pieces.push({ left, right, top, bottom, node, element: node, text: node.textContent });
  }

  // From top to bottom, each piece is compared with those that reach as far down as it begins.
  pieces.sort((one, other) => one.top - other.top);
  let open = [];
  for (const piece of pieces) {
    open = open.filter(({ bottom }) => bottom > piece.top + 1);
    for (const other of open) {
      const covered = Math.min(piece.right, other.right) - Math.max(piece.left, other.left) > 1;
      if (!covered || piece.node.contains(other.node) || other.node.contains(piece.node)) continue;
      report("overlap", `${other.text.trim().slice(0, 20)} / ${piece.text.trim().slice(0, 20)}`, piece.element);
    }
    open.push(piece);
  }
  return [...faults].map(([key, text]) => `${key} (${text})`);
}
