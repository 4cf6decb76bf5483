// The page: the chats, the open room, and what the server tells about both.

import { Log } from "./log.js";
import { Writing } from "./writing.js";
import { element } from "./words.js";

const GENERAL_TOPIC = 1;
const TYPING_SECONDS = 5;
const TOAST_SECONDS = 4;
const EARLY_MAX = 20;
const NEXT_MINUTE_MARGIN_MS = 2_000; // an order sent later would be due a day later

const $ = (id) => document.getElementById(id);
const waiting = new Map();
const early = new Map();
const unread = new Map();
const typing = new Map();
let world = null;
let reading = false;
let stale = false;
let open = { chat: null, thread: null };
let me = null;
let toastTimer = 0;

// ── talking with the server ──

async function ask(path, fields) {
  const options = fields && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fields) };
  return answerOf(fetch(path, options));
}

async function answerOf(pending) {
  try {
    const response = await pending;
    const answer = await response.json();
    if (response.ok) return answer;
    toast(answer.description || "Refused");
  } catch {
    toast("The server does not answer.");
  }
  return null;
}

// One reading at a time; what is told meanwhile may be newer than what is being read, so it is read again.
async function readState() {
  if (reading) { stale = true; return; }
  reading = true;
  const fresh = await ask("/chat/state");
  reading = false;
  if (fresh) take(fresh);
  if (stale) { stale = false; readState(); }
}

function take(fresh) {
  const first = world === null;
  if (!first) keepOlder(fresh);
  world = fresh;
  showBanner();
  if (first) showShortcuts();
  if (first) {
    const wanted = Number(sessionStorage.getItem("chat"));
    const chat = world.chats.find((one) => one.id === wanted) || world.chats[0];
    if (chat) enter(chat.id, Number(sessionStorage.getItem("thread")) || null, Boolean(wanted));
  } else {
    showRoom();
  }
  showChats();
}

// The server tells the newest messages; what was read before them stays.
function keepOlder(fresh) {
  for (const [id, messages] of Object.entries(fresh.messages)) {
    const begin = messages.length ? messages[0].id : Infinity;
    const full = messages.length >= fresh.window;
    fresh.messages[id] = [...(full ? world.messages[id] || [] : []).filter((one) => one.id < begin), ...messages];
  }
}

function listen() {
  const source = new EventSource("/chat/events");
  source.onopen = () => { $("link").textContent = ""; readState(); };
  source.onerror = () => { $("link").textContent = "connecting…"; };
  source.onmessage = (event) => told(JSON.parse(event.data));
}

function told(event) {
  stale ||= reading;
  if (!world) return;
  switch (event.kind) {
    case "message": case "edit": keep(event.message); break;
    case "removal": forget(event); break;
    case "answer": answered(event); break;
    case "action": typed(event); break;
    case "inline": writing.offered(event); break;
    default: readState();
  }
}

// ── what is known ──

const chatOf = (id) => world.chats.find((chat) => chat.id === id);
const isGroup = (chat) => chat.kind !== "private";
const messagesOf = (id) => (world.messages[id] ||= []);
const inThread = (message, thread) => thread === null || (message.thread || GENERAL_TOPIC) === thread;
const key = (chat, thread) => `${chat} ${thread || ""}`;

function keep(message) {
  const messages = messagesOf(message.chat);
  const place = messages.findLastIndex((one) => one.id === message.id);
  const isNew = place < 0;
  if (isNew) messages.push(message); else messages[place] = message;
  const chat = chatOf(message.chat);
  if (!chat) { readState(); return; }
  if (isNew && message.is_bot) typing.delete(message.chat);
  if (isNew && !chat.started) { chat.started = true; showFoot(); }
  if (message.chat === open.chat && inThread(message, open.thread)) log.put(message);
  else if (isNew && message.from !== me) count(message, chat);
  showChats();
  showStatus();
}

function count(message, chat) {
  const thread = chat.topics.length ? message.thread || GENERAL_TOPIC : null;
  unread.set(key(chat.id, thread), (unread.get(key(chat.id, thread)) || 0) + 1);
  showTopics();
}

function forget(event) {
  world.messages[event.chat] = messagesOf(event.chat).filter((one) => one.id !== event.message);
  if (event.chat === open.chat) log.remove(event.message);
  showChats();
}

// An answer may overtake the response that names the query it answers: it is kept until the press knows its own.
function answered(event) {
  const rest = waiting.get(event.query);
  if (!rest) {
    early.set(event.query, event);
    if (early.size > EARLY_MAX) early.delete(early.keys().next().value);
    return;
  }
  waiting.delete(event.query);
  rest();
  if (!event.text) return;
  if (event.alert) alertWith(event.text); else toast(event.text);
}

function pressed(query, rest) {
  waiting.set(query, rest);
  const event = early.get(query);
  if (!event) return;
  early.delete(query);
  answered(event);
}

function typed(event) {
  typing.set(event.chat, { until: Date.now() + TYPING_SECONDS * 1000, action: event.action });
  showStatus();
  setTimeout(showStatus, TYPING_SECONDS * 1000 + 50);
}

// ── the chats ──

function face(node, name, hue) {
  node.textContent = [...name.trim()].slice(0, 1).join("").toUpperCase();
  node.className = "face";
  node.dataset.hue = hue;
  node.setAttribute("aria-hidden", "true");
  return node;
}

// A private chat is the bot's; whose it is stands beside the name where there are several people.
function nameOf(chat) {
  if (isGroup(chat)) return chat.title;
  return chat === world.chats.find((one) => !isGroup(one)) ? world.bot.name : `${world.bot.name}, as ${chat.title}`;
}

const hueOf = (chat) => 1 + (world.chats.indexOf(chat) % 4);

function showChats() {
  const rows = world.chats.map((chat) => element("li", {}, chatButton(chat)));
  const focused = document.activeElement && document.activeElement.dataset.chat;
  $("chats").replaceChildren(...rows);
  if (focused) $("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
  const all = [...unread.values()].reduce((sum, one) => sum + one, 0);
  document.title = all ? `(${all}) ${world.bot.name}` : `${world.bot.name} · local chat`;
}

function chatButton(chat) {
  const last = messagesOf(chat.id).at(-1);
  const button = element("button", { type: "button", className: "chat" });
  button.dataset.chat = chat.id;
  if (chat.id === open.chat) button.setAttribute("aria-current", "true");
  button.append(
    face(element("span"), isGroup(chat) ? chat.title : world.bot.name, hueOf(chat)),
    element("span", { className: "title" }, element("bdi", { textContent: nameOf(chat) })),
    element("time", { textContent: last ? when(last.date) : "" }),
    element("span", { className: "last", dir: "auto", textContent: last ? summary(last, chat) : "No messages yet" }),
  );
  const counted = unreadOf(chat);
  if (counted) button.append(element("span", { className: "count", textContent: counted, ariaLabel: `${counted} unread` }));
  button.addEventListener("click", () => enter(chat.id, null, true));
  return button;
}

function unreadOf(chat) {
  return [...unread].filter(([name]) => name.startsWith(`${chat.id} `)).reduce((sum, [, one]) => sum + one, 0);
}

function summary(message, chat) {
  const words = message.notice || message.text || (message.file ? message.file.name : "");
  const who = message.from === me ? "You: " : isGroup(chat) ? `${message.name}: ` : "";
  return who + words.replace(/\s+/g, " ").slice(0, 90);
}

function when(seconds) {
  const date = new Date(seconds * 1000);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(undefined, today ? { timeStyle: "short" } : { day: "numeric", month: "short" }).format(date);
}

// ── the room ──

function enter(id, thread, show) {
  const chat = chatOf(id);
  const topic = chat.topics.length ? thread || open.chat === id && open.thread || chat.topics[0].id : null;
  if (open.chat !== id || open.thread !== topic) writing.rest(true);
  open = { chat: id, thread: topic };
  sessionStorage.setItem("chat", id);
  sessionStorage.setItem("thread", topic || "");
  if (!chat.members.includes(me) || !isGroup(chat)) me = chat.members[0];
  unread.delete(key(id, topic));
  if (show) $("app").dataset.view = "room";
  showRoom();
  showChats();
  if (matchMedia("(hover: hover)").matches) ($("start") && !chat.started ? $("start") : $("words")).focus();
}

function showRoom() {
  const chat = chatOf(open.chat);
  if (!chat) return;
  $("room-title").textContent = nameOf(chat);
  face($("room-face"), isGroup(chat) ? chat.title : world.bot.name, hueOf(chat));
  showTopics();
  showStatus();
  showFoot();
  const shown = messagesOf(chat.id).filter((one) => inThread(one, open.thread));
  log.show(`${key(chat.id, open.thread)} ${me}`, shown, roomOf(chat));
  showIntro(chat);
}

function showIntro(chat) {
  const intro = $("intro");
  intro.hidden = chat.started;
  const words = isGroup(chat)
    ? [`A group with topics. ${world.bot.name} answers here to a command, a mention or a reply.`, `For example: @${world.bot.username} and your question.`]
    : ["What can this bot do?", ...world.hint.split("\n").slice(0, chat === world.chats[0] ? undefined : 1)]; // the rest is for the visitor
  intro.replaceChildren(face(element("span"), isGroup(chat) ? chat.title : world.bot.name, hueOf(chat)), element("h3", { textContent: nameOf(chat) }), ...words.map((textContent) => element("p", { textContent, dir: "auto" })));
  if (isGroup(chat)) return;
  const examples = world.examples.map((words) => {
    const button = element("button", { type: "button", className: "example", textContent: words, dir: "auto" });
    button.addEventListener("click", async () => { await send(words, null, ""); $("words").focus(); });
    return element("li", {}, button);
  });
  if (examples.length) intro.append(element("ul", { ariaLabel: "Questions to try" }, ...examples));
  const start = element("button", { id: "start", type: "button", textContent: "Start" });
  start.addEventListener("click", async () => { await send("/start", null, ""); $("words").focus(); });
  intro.append(start);
}

function showTopics() {
  const chat = chatOf(open.chat);
  $("topics").hidden = !chat || !chat.topics.length;
  $("topics").replaceChildren(...(chat ? chat.topics : []).map((topic) => topicTab(chat, topic)));
}

function topicTab(chat, topic) {
  const tab = element("button", { type: "button", role: "tab", textContent: topic.closed ? `${topic.name} (closed)` : topic.name });
  const chosen = topic.id === open.thread;
  tab.setAttribute("aria-selected", String(chosen));
  tab.tabIndex = chosen ? 0 : -1;
  const counted = unread.get(key(chat.id, topic.id));
  if (counted) tab.append(element("span", { className: "count", textContent: counted }));
  tab.addEventListener("click", () => enter(chat.id, topic.id, true));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const number = (chat.topics.indexOf(topic) + step + chat.topics.length) % chat.topics.length;
    enter(chat.id, chat.topics[number].id, true);
    $("topics").children[number].focus();
  });
  return tab;
}

function showStatus() {
  const chat = chatOf(open.chat);
  if (!chat) return;
  const busy = typing.get(chat.id);
  const active = busy && busy.until > Date.now();
  const still = isGroup(chat) ? `${chat.members.length} people and ${world.bot.name}` : chat.blocked ? "blocked" : "bot";
  $("room-status").className = active ? "busy" : "";
  const shown = active ? `${world.bot.name} ${busy.action === "typing" ? "is typing" : "is sending a file"}` : still;
  if ($("room-status").dataset.shown === shown) return;
  $("room-status").dataset.shown = shown;
  const dots = active ? [element("span", { className: "dots" }, element("i"), element("i"), element("i"))] : [];
  $("room-status").replaceChildren(...dots, shown);
}

function showFoot() {
  const chat = chatOf(open.chat);
  if (!chat) return;
  const fresh = !isGroup(chat) && !chat.started;
  $("unblock").hidden = !chat.blocked;
  $("write").classList.toggle("resting", chat.blocked);
  if (chat.blocked) writing.rest(true);
  $("block").hidden = isGroup(chat) || fresh;
  $("block").textContent = chat.blocked ? "Unblock" : "Block";
  $("intro").hidden = chat.started;
  const people = chat.members.map((id) => world.people.find((one) => one.id === id)).filter(Boolean);
  $("as").hidden = people.length < 2;
  $("as").querySelector("select").replaceChildren(...people.map((one) => element("option", { value: one.id, textContent: one.name, selected: one.id === me })));
}

// ── the messages ──

const log = new Log({
  older: async (before) => {
    const { chat, thread } = open;
    const answer = await ask(`/chat/history?chat=${chat}&before=${before}&thread=${thread || 0}`);
    if (!answer) return [];
    const known = new Set(messagesOf(chat).map((one) => one.id));
    const older = answer.messages.filter((one) => !known.has(one.id));
    world.messages[chat] = [...older, ...messagesOf(chat)].sort((a, b) => a.id - b.id);
    return older.length ? older : null;
  },
  far: (far) => { $("down").hidden = !far; },
});

// ── what the visitor does ──

function roomOf(chat) {
  return { me, bot: world.bot, group: isGroup(chat), pressed, act: (name, ...values) => ACTS[name](...values) };
}

const here = () => ({ chat: open.chat, user: me, thread: open.thread === GENERAL_TOPIC ? null : open.thread });

async function send(text, reply, quote) {
  return ask("/chat/send", { ...here(), text, reply: reply ? reply.id : 0, quote: quote || "" });
}

const ACTS = {
  command: (words) => send(words, null, ""),
  start: (parameter) => startWith(parameter),
  reply: (message, quote) => writing.replyTo(message, quote),
  edit: (message) => writing.edit(message),
  react: (message, emoji) => ask("/chat/react", { chat: message.chat, message: message.id, user: me, emoji }),
  press: async (message, button) => {
    const pressed = await ask("/chat/press", { chat: message.chat, message: message.id, user: me, button });
    return pressed && pressed.query;
  },
  copy: async (text) => {
    try { await navigator.clipboard.writeText(text); toast("Copied"); } catch { toast("The browser did not let me copy."); }
  },
  show: (id) => {
    const node = log.find(id);
    if (!node) { toast("That message is no longer shown here."); return; }
    node.scrollIntoView({ block: "center" });
    node.classList.remove("flash");
    requestAnimationFrame(() => node.classList.add("flash"));
  },
};

// A deep link opens the private chat of whoever follows it.
async function startWith(parameter) {
  const own = world.chats.find((chat) => !isGroup(chat) && chat.members[0] === me);
  if (own) { enter(own.id, null, true); await send(`/start ${parameter}`.trim(), null, ""); }
}

async function upload(file) {
  const { chat, user, thread } = here();
  const query = new URLSearchParams({ chat, user, thread: thread || 0, name: file.name, mime: file.type });
  return answerOf(fetch(`/chat/upload?${query}`, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file }));
}

function commands() {
  const scope = isGroup(chatOf(open.chat)) ? "all_group_chats" : "all_private_chats";
  const language = (world.people.find((one) => one.id === me) || {}).language || "";
  const names = [`chat ${open.chat}`, `${scope} ${language}`, scope, `default ${language}`, "default"];
  return names.map((name) => world.commands[name.trim()]).find((list) => list && list.length) || [];
}

function toast(words) {
  clearTimeout(toastTimer);
  $("toast").textContent = words;
  $("toast").classList.add("shown");
  toastTimer = setTimeout(() => $("toast").classList.remove("shown"), TOAST_SECONDS * 1000);
}

function alertWith(words) {
  $("alert-from").textContent = world.bot.name;
  $("alert").querySelector("p").textContent = words;
  $("alert").showModal();
}

function showBanner() {
  $("banner").hidden = !world.banner;
  $("banner").querySelector("p").textContent = world.banner;
}

function showShortcuts() {
  $("shortcuts").hidden = !world.shortcuts.length;
  $("shortcuts").replaceChildren(...world.shortcuts.map(({ label, says }) => {
    const button = element("button", { type: "button", className: "shortcut", textContent: label });
    button.addEventListener("click", () => { $("app").dataset.view = "room"; follow(says); });
    return button;
  }));
}

// What a shortcut says is written for the visitor, in their private chat, one message after the other.
async function follow(says) {
  const own = world.chats.find((chat) => !isGroup(chat) && chat.members[0] === me) || world.chats[0];
  enter(own.id, null, true);
  for (const words of says) await send(filled(words), null, "");
}

function filled(words) {
  const due = new Date(Math.ceil((Date.now() + NEXT_MINUTE_MARGIN_MS) / 60_000) * 60_000);
  const minute = `${String(due.getHours()).padStart(2, "0")}:${String(due.getMinutes()).padStart(2, "0")}`;
  return words.replace("{zone}", Intl.DateTimeFormat().resolvedOptions().timeZone).replace("{next minute}", minute);
}

const writing = new Writing({
  send, upload, commands, told: toast, start: startWith,
  name: () => world.bot.username,
  type: async (words) => (await ask("/chat/type", { ...here(), words }))?.query,
  choose: (query, offer) => ask("/chat/choose", { ...here(), query, offer }),
  edit: (message, text) => ask("/chat/edit", { chat: message.chat, message: message.id, text }),
  lastOwn: () => messagesOf(open.chat).filter((one) => one.from === me && !one.file && inThread(one, open.thread)).at(-1),
});

$("unblock").addEventListener("click", () => block(false));
$("block").addEventListener("click", () => block(!chatOf(open.chat).blocked));
$("back").addEventListener("click", () => { $("app").dataset.view = "list"; $("chats").querySelector("[aria-current]")?.focus(); });
$("down").addEventListener("click", () => log.toBottom());
$("as").querySelector("select").addEventListener("change", (event) => { me = Number(event.target.value); showRoom(); });
const block = (blocked) => ask("/chat/block", { chat: open.chat, user: me, blocked });

listen();
