// A board of cards: what lies where is `value`, a list of [card, column]; a card in no column lies in the tray.
const TRAY = "";
const FAR = 5; // px before a press becomes a drag

function element(kind, name, words) {
  const made = document.createElement(kind);
  made.className = name;
  if (words !== undefined) made.textContent = words;
  return made;
}

function render({ model, el }) {
  const texts = model.get("texts");
  const cards = new Map(model.get("cards").map((one) => [one.id, one]));
  const columns = [{ id: TRAY, words: model.get("tray") }, ...model.get("columns")];
  const heads = new Map(columns.map((one) => [one.id, one.words]));
  const most = model.get("most");
  let lifted = null; // {card, from, to} while a card is held by the keyboard
  let dragged = null;

  const say = (key, values) => texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const words = (card) => cards.get(card).words;
  const laid = () => model.get("value").map((pair) => [...pair]);
  const holds = (column, card) => laid().some(([one, at]) => one === card && at === column);
  const inside = (column) =>
    column === TRAY
      ? [...cards.keys()].filter((card) => !laid().some(([one]) => one === card))
      : laid().filter(([, at]) => at === column).map(([card]) => card);

  const root = element("div", "glb");
  root.lang = model.get("lang");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("label"));
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's own keys stay out of the board
  const help = element("p", "glb-help", texts.help);
  help.id = `glb-${Math.random().toString(36).slice(2)}`;
  const grid = element("div", "glb-columns");
  grid.style.gridTemplateColumns = `repeat(${columns.length - 1}, minmax(0, 1fr))`;
  const said = element("div", "glb-said");
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "assertive");
  const boxes = new Map();
  for (const { id } of columns) {
    const box = element("div", id === TRAY ? "glb-column glb-tray" : "glb-column");
    box.dataset.column = id;
    box.setAttribute("role", "group");
    boxes.set(id, box);
    if (id !== TRAY) grid.append(box);
  }
  root.append(element("div", "glb-label", model.get("label")), help, boxes.get(TRAY), grid, said);
  el.append(root);

  const cardOf = (card, column) =>
    [...boxes.get(column).querySelectorAll(".glb-card")].find((one) => one.dataset.card === card);

  function paint() {
    const held = document.activeElement;
    const focus = root.contains(held) && held.dataset.card ? [held.dataset.card, held.parentNode.dataset.column] : null;
    for (const { id, words: head } of columns) {
      const inHere = inside(id);
      const box = boxes.get(id);
      box.setAttribute("aria-label", say("column", { column: head, n: inHere.length }));
      box.replaceChildren(element("div", "glb-head", `${head} ${inHere.length}`), ...inHere.map((card) => made(card, id)));
      box.classList.toggle("glb-target", lifted !== null && lifted.to === id);
    }
    if (focus) cardOf(...focus)?.focus({ preventScroll: true });
  }

  function made(card, column) {
    const { words: text, mark } = cards.get(card);
    const box = element("div", "glb-card");
    if (mark) box.append(element("span", "glb-mark", mark));
    box.append(text);
    box.classList.toggle("glb-marked", Boolean(mark));
    box.classList.toggle("glb-lifted", lifted !== null && lifted.card === card && lifted.from === column);
    box.dataset.card = card;
    box.tabIndex = 0;
    box.setAttribute("role", "button");
    box.setAttribute("aria-pressed", String(box.classList.contains("glb-lifted")));
    box.setAttribute("aria-label", say("card", { card: `${mark} ${text}`.trim(), column: heads.get(column) }));
    box.setAttribute("aria-describedby", help.id);
    return box;
  }

  // Lay a card into another column; copy: it stays where it was as well. Returns whether anything moved.
  function lay(card, from, to, copy) {
    lifted = null;
    const values = { card: words(card), column: heads.get(to), from: heads.get(from) };
    const full = to !== TRAY && most && inside(to).length >= most && !holds(to, card);
    if (from === to || full) {
      said.textContent = say(full ? "full" : "stays", values);
      paint();
      return false;
    }
    let pairs = laid();
    if (to === TRAY) pairs = pairs.filter(([one, at]) => !(one === card && at === from));
    else if (holds(to, card)) {
      if (!copy) pairs = pairs.filter(([one, at]) => !(one === card && at === from));
    } else if (copy || from === TRAY) pairs.push([card, to]);
    else pairs = [...pairs.filter(([one, at]) => !(one === card && at === from)), [card, to]];
    const stays = copy && from !== TRAY && to !== TRAY;
    const left = pairs.some(([one]) => one === card); // another body still has it
    said.textContent = say(stays ? "copied" : to !== TRAY ? "moved" : left ? "taken" : "returned", values);
    model.set("value", pairs);
    model.save_changes();
    paint();
    const elsewhere = [...root.querySelectorAll(".glb-card")].find((one) => one.dataset.card === card);
    (cardOf(card, to) ?? cardOf(card, from) ?? elsewhere)?.focus({ preventScroll: true });
    return true;
  }

  // The next column in a direction that does not hold the card yet; null at the edge.
  function next(card, from, step) {
    for (let at = columns.findIndex((one) => one.id === from) + step; columns[at]; at += step) {
      if (columns[at].id === TRAY || !holds(columns[at].id, card)) return columns[at].id;
    }
    return null;
  }

  function pressed(event) {
    const box = event.target.closest?.(".glb-card");
    if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = box.dataset.card;
    const from = box.parentNode.dataset.column;
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const upwards = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const copy = event.shiftKey || event.key === "c" || event.key === "C";
    if (event.key === "Enter" || event.key === " ") {
      if (lifted) lay(lifted.card, lifted.from, lifted.to, false);
      else {
        lifted = { card, from, to: from };
        said.textContent = say("lifted", { card: words(card), column: heads.get(from) });
        paint();
      }
    } else if (event.key === "Escape" && lifted) {
      lifted = null;
      said.textContent = say("stays", { card: words(card), column: heads.get(from) });
      paint();
    } else if (sideways && lifted) {
      const at = columns.findIndex((one) => one.id === lifted.to) + sideways;
      if (columns[at]) lifted.to = columns[at].id;
      said.textContent = say("over", { card: words(card), column: heads.get(lifted.to) });
      paint();
    } else if (sideways || event.key === "c" || event.key === "C") {
      const to = next(card, from, sideways ?? 1);
      if (to === null || (copy && to === TRAY)) said.textContent = say("edge", { card: words(card) });
      else lay(card, from, to, copy);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      lay(card, from, TRAY, false);
    } else if (upwards) {
      const all = [...root.querySelectorAll(".glb-card")];
      all[all.indexOf(box) + upwards]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const under = ({ clientX, clientY }) => {
    for (const [id, box] of boxes) {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      if (clientX >= left && clientX <= right && clientY >= top && clientY <= bottom) return id;
    }
    return null;
  };

  function grabbed(event) {
    const box = event.target.closest?.(".glb-card");
    if (!box || event.button !== 0) return;
    if (lifted) {
      lifted = null;
      boxes.forEach((one) => one.classList.remove("glb-target"));
    }
    dragged = { box, x: event.clientX, y: event.clientY, going: false };
    box.setPointerCapture(event.pointerId);
    box.focus({ preventScroll: true });
    event.preventDefault();
    event.stopPropagation();
  }

  function dragging(event) {
    if (!dragged) return;
    const [dx, dy] = [event.clientX - dragged.x, event.clientY - dragged.y];
    if (!dragged.going && Math.hypot(dx, dy) < FAR) return;
    dragged.going = true;
    dragged.box.classList.add("glb-dragged");
    dragged.box.style.transform = `translate(${dx}px, ${dy}px)`;
    const over = under(event);
    boxes.forEach((box, id) => box.classList.toggle("glb-target", id === over));
  }

  function dropped(event) {
    if (!dragged) return;
    const { box, going } = dragged;
    dragged = null;
    box.classList.remove("glb-dragged");
    box.style.transform = "";
    boxes.forEach((one) => one.classList.remove("glb-target"));
    const to = event.type === "pointerup" && going ? under(event) : null;
    if (to !== null) lay(box.dataset.card, box.parentNode.dataset.column, to, event.shiftKey || event.ctrlKey);
  }

  root.addEventListener("keydown", pressed);
  root.addEventListener("pointerdown", grabbed);
  root.addEventListener("pointermove", dragging);
  root.addEventListener("pointerup", dropped);
  root.addEventListener("pointercancel", dropped);
  root.addEventListener("mousedown", (event) => event.stopPropagation()); // a notebook would take the focus
  model.on("change:value", paint);
  paint();
  return () => model.off("change:value", paint);
}

export default { render };
