// One message as it stands on the page: bubble, reply, file, reactions, keyboard, tools.

import { element, icon, wordsOf } from "./words.js";

const LIKE = "👍";
const PRESS_SECONDS = 15;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export function notice(text, className = "notice") {
  return element("div", { className, textContent: text });
}

// `room` offers: me (user id), bot, group (is it one), act(name, ...values).
export function messageNode(message, room) {
  if (message.notice) return notice(message.notice);
  const mine = message.from === room.me;
  const node = element("article", { className: `message${mine ? " mine" : ""}`, tabIndex: 0 });
  node.dataset.id = message.id;
  const bubble = element("div", { className: "bubble" });
  const sender = element("bdi", { textContent: mine ? "You" : message.name });
  bubble.append(element("div", { className: room.group && !mine ? "from" : "from hidden" }, sender));
  if (message.forwarded) bubble.append(forwarded(message.forwarded));
  if (message.reply) bubble.append(reply(message.reply, room));
  if (message.file) bubble.append(file(message.file));
  const words = message.text ? wordsOf(message.text, message.entities, room.bot.username, room.act) : null;
  (words || bubble).append(meta(message));
  if (words) bubble.append(words);
  if (Object.keys(message.reactions).length) bubble.append(reactions(message, room));
  node.append(bubble);
  if (message.keyboard.length) node.append(keyboard(message, room));
  return node;
}

// A message's tools stand only where a pointer, a finger or the focus is: three icons on each of 2,000 messages cost
// a quarter of a frame's work.
export function equip(node, message, room) {
  if (node.querySelector(":scope > .tools")) return;
  unequip();
  node.append(tools(message, room, message.from === room.me));
}

// Tools with the focus stay where they are.
export function unequip() {
  for (const node of document.querySelectorAll(".tools")) if (!node.contains(document.activeElement)) node.remove();
}

function forwarded(name) {
  return element("div", { className: "forwarded" }, "Forwarded from ", element("bdi", { textContent: name }));
}

function reply(answered, room) {
  const node = element("button", { type: "button", className: "reply" });
  node.append(element("span", { className: "hidden", textContent: "In reply to " }));
  node.append(element("b", {}, element("bdi", { textContent: answered.name })));
  node.append(element("span", { textContent: answered.text, dir: "auto" }));
  node.addEventListener("click", () => room.act("show", answered.id));
  return node;
}

function meta(message) {
  const time = element("time", { textContent: clock.format(message.date * 1000) });
  time.dateTime = new Date(message.date * 1000).toISOString();
  return element("span", { className: "meta" }, element("bdi", {}, message.edited ? "edited " : null, time));
}

function file(held) {
  const address = `/chat/file/${encodeURIComponent(held.id)}`;
  if (held.kind === "photo") {
    return element("img", { className: "photo", src: address, alt: held.name || "Picture", width: held.width, height: held.height, loading: "lazy" });
  }
  const disc = element("span", { className: "disc" }, icon("document"));
  const label = element("span", {}, element("b", { textContent: held.name, dir: "auto" }), element("small", { textContent: size(held.size) }));
  return element("a", { className: "document", href: address, download: held.name }, disc, label);
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function reactions(message, room) {
  const own = message.reactors[room.me];
  const buttons = Object.entries(message.reactions).map(([emoji, count]) => {
    const node = element("button", { type: "button", textContent: count > 1 ? `${emoji} ${count}` : emoji });
    node.setAttribute("aria-pressed", String(own === emoji));
    node.setAttribute("aria-label", `${emoji}, ${count}`);
    node.addEventListener("click", () => room.act("react", message, own === emoji ? "" : emoji));
    return node;
  });
  return element("div", { className: "reactions" }, ...buttons);
}

function keyboard(message, room) {
  let number = 0;
  const rows = message.keyboard.map((row) => {
    const keys = row.map((button) => key(button, number++, message, room));
    return element("div", {}, ...keys);
  });
  const node = element("div", { className: "keyboard", role: "group" }, ...rows);
  node.setAttribute("aria-label", "Buttons below the message");
  return node;
}

function key(button, number, message, room) {
  const label = element("bdi", { textContent: button.text });
  const node = button.url
    ? element("a", { className: "key", href: button.url, target: "_blank", rel: "noopener noreferrer", title: button.url }, label, icon("out"))
    : element("button", { type: "button", className: "key" }, label);
  if (button.style) node.dataset.style = button.style;
  node.dataset.number = number;
  if (button.copy_text) {
    node.append(icon("copy"));
    node.addEventListener("click", () => room.act("copy", button.copy_text.text));
  } else if (button.url) {
    const deep = button.url.match(/^https?:\/\/t\.me\/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{1,64})$/);
    if (deep && deep[1].toLowerCase() === room.bot.username.toLowerCase()) {
      node.addEventListener("click", (event) => { event.preventDefault(); room.act("start", deep[2]); });
    }
  } else if (button.callback_data) {
    node.addEventListener("click", () => press(node, number, message, room));
  }
  return node;
}

async function press(node, number, message, room) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  const query = await room.act("press", message, number);
  const rest = () => node.removeAttribute("aria-busy");
  if (query) room.pressed(query, rest); else rest();
  setTimeout(rest, PRESS_SECONDS * 1000);
}

function tools(message, room, mine) {
  const node = element("div", { className: "tools", role: "group" });
  node.setAttribute("aria-label", "What to do with this message");
  const add = (name, label, act) => {
    const button = element("button", { type: "button", className: "icon" }, icon(name));
    button.setAttribute("aria-label", label);
    button.title = label;
    button.addEventListener("click", act);
    node.append(button);
  };
  add("reply", "Reply", () => room.act("reply", message, chosenWords(message)));
  if (mine && !message.file) add("edit", "Edit", () => room.act("edit", message));
  else add("like", "Like", () => room.act("react", message, message.reactors[room.me] === LIKE ? "" : LIKE));
  if (message.text) add("copy", "Copy text", () => room.act("copy", message.text));
  return node;
}

// Words marked in a message become the quote of the reply, as in Telegram.
function chosenWords(message) {
  const chosen = String(getSelection() || "").replace(/[\u200e\u200f]/g, "").trim();
  return chosen && message.text.includes(chosen) ? chosen : "";
}
