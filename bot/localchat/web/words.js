// A message's words as DOM nodes, from its entities. Text is only ever set as text, never as markup.

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const FOLDED_LINES = 3;

export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  picture.setAttribute("aria-hidden", "true");
  picture.append(use);
  return picture;
}

// `act` is called with ("command", words) or ("start", parameter) where the reader follows one.
export function wordsOf(text, entities, botName, act) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const whole = element("div", { className: "words", dir: "auto" });
  fill(whole, text, sorted, 0, text.length, { botName, act });
  return whole;
}

const ISOLATES = /[\u2066-\u2068]/;
const ISOLATED = /[\u2066-\u2068][^\u2069\n]*\u2069?/g;
const STRONG = /\p{L}/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

// A line's direction is that of its first letter outside of isolated names. Browsers look into those too, so such a
// line gets a mark of its own before it.
function directed(text, from, to) {
  let shown = "";
  for (let at = from; at < to;) {
    const end = text.indexOf("\n", at);
    const stop = end < 0 ? to : Math.min(end + 1, to);
    const begins = at === 0 || text[at - 1] === "\n";
    shown += (begins ? markOf(text.slice(at, end < 0 ? text.length : end)) : "") + text.slice(at, stop);
    at = stop;
  }
  return shown;
}

function markOf(line) {
  if (!ISOLATES.test(line)) return "";
  const letter = line.replace(ISOLATED, "").match(STRONG);
  if (!letter) return "";
  return RIGHT_TO_LEFT.test(letter[0]) ? "\u200f" : "\u200e";
}

function fill(parent, text, entities, start, end, context) {
  let at = start;
  let afterBlock = false;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || entity.offset >= end) continue;
    const inner = entities.slice(i + 1).filter((one) => one.offset < stop);
    const node = nodeFor(entity, text.slice(entity.offset, stop), context);
    const block = node.matches("blockquote, pre");
    append(parent, directed(text, at, entity.offset), afterBlock, block);
    const into = node.querySelector(":scope > .folding, :scope > .covered, :scope > code") || node;
    if (into !== node || !node.textContent) fill(into, text, inner, entity.offset, stop, context);
    parent.append(node);
    at = stop;
    afterBlock = block;
  }
  append(parent, directed(text, at, end), afterBlock, false);
}

// A block makes its own line: the line break beside it would show as an empty one.
function append(parent, piece, afterBlock, beforeBlock) {
  let shown = piece;
  if (afterBlock && shown.startsWith("\n")) shown = shown.slice(1);
  if (beforeBlock && shown.endsWith("\n")) shown = shown.slice(0, -1);
  if (shown) parent.append(shown);
}

function nodeFor(entity, words, context) {
  switch (entity.type) {
    case "text_link": return link(entity.url, context);
    case "url": return link(words.includes("://") ? words : `http://${words}`, context);
    case "email": return element("a", { href: `mailto:${words}` });
    case "blockquote": return element("blockquote", { dir: "auto" });
    case "expandable_blockquote": return folding();
    case "pre": return element("pre", {}, element("code"));
    case "spoiler": return spoiler();
    case "date_time": return moment(entity);
    case "bot_command": return command(words, context);
    case "mention": case "hashtag": return element("span", { className: "command" });
    default: return element(TAGS[entity.type] || "span");
  }
}

function link(url, { botName, act }) {
  const safe = /^(https?|tg|mailto):/i.test(url) ? url : "about:blank";
  const node = element("a", { href: safe, target: "_blank", rel: "noopener noreferrer", title: safe });
  const deep = safe.match(/^https?:\/\/t\.me\/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{1,64})$/);
  if (deep && deep[1].toLowerCase() === botName.toLowerCase()) {
    node.addEventListener("click", (event) => { event.preventDefault(); act("start", deep[2]); });
  }
  return node;
}

function folding() {
  const body = element("span", { className: "folding" });
  const toggle = element("button", { type: "button", className: "unfold", textContent: "Show more" });
  toggle.setAttribute("aria-expanded", "false");
  const node = element("blockquote", { dir: "auto", className: "fold closed" }, body, toggle);
  toggle.addEventListener("click", () => {
    const closed = node.classList.toggle("closed");
    toggle.setAttribute("aria-expanded", String(!closed));
    toggle.textContent = closed ? "Show more" : "Show less";
  });
  return node;
}

// A quote that fits its three lines needs no button; known only once it stands on the page.
export function measureFolds(root) {
  const folds = [...root.querySelectorAll(".fold.closed")];
  const line = folds.length ? parseFloat(getComputedStyle(folds[0].firstChild).lineHeight) || 21 : 0;
  const short = folds.map((fold) => fold.firstChild.scrollHeight <= line * FOLDED_LINES + 2);
  folds.forEach((fold, number) => fold.classList.toggle("short", short[number]));
}

function spoiler() {
  const covered = element("span", { className: "covered", ariaHidden: "true" });
  const label = element("span", { className: "hidden", textContent: "Hidden words, press to show" });
  const node = element("span", { className: "spoiler", tabIndex: 0, role: "button" }, label, covered);
  const open = () => { node.className = "spoiler open"; node.removeAttribute("role"); covered.removeAttribute("aria-hidden"); label.remove(); };
  node.addEventListener("click", open);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); } });
  return node;
}

function command(words, { act }) {
  const node = element("button", { type: "button", className: "command" });
  node.addEventListener("click", () => act("command", words));
  return node;
}

const formatters = new Map();

function formatter(options) {
  const name = JSON.stringify(options);
  if (!formatters.has(name)) formatters.set(name, new Intl.DateTimeFormat(undefined, options));
  return formatters.get(name);
}

const STYLES = {
  d: { dateStyle: "short" }, D: { dateStyle: "long" }, t: { timeStyle: "short" }, T: { timeStyle: "medium" },
};

// The reader sees the moment in the reader's own zone; without a format the printed words stay.
function moment(entity) {
  const when = new Date(entity.unix_time * 1000);
  const format = entity.date_time_format || "";
  const node = element("time", { className: "moment", dateTime: when.toISOString() });
  node.title = formatter({ dateStyle: "full", timeStyle: "long" }).format(when);
  if (format) node.textContent = format === "r" ? relative(when) : formatted(when, format);
  return node;
}

function formatted(when, format) {
  const parts = [];
  if (format.includes("w")) parts.push(formatter({ weekday: "short" }).format(when));
  const options = Object.assign({}, ...[...format].map((letter) => STYLES[letter] || {}));
  if (Object.keys(options).length) parts.push(formatter(options).format(when));
  return parts.join(" ");
}

function relative(when) {
  const seconds = (when - Date.now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) || units[3];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
