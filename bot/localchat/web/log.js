// The open room's messages on the page: drawn once, added one by one, older ones on the way up.
//
// They stand in stretches, which the browser leaves out of layout and paint while they are out of sight.

import { equip, messageNode, notice, unequip } from "./messages.js";
import { element, measureFolds } from "./words.js";

const STRETCH_MESSAGES = 12; // what comes into sight in one frame is drawn in it
const GAP_SECONDS = 300;
const NEAR_BOTTOM = 90;
const NEAR_TOP = 900;

const dayOf = (message) => new Date(message.date * 1000).toDateString();

export class Log {
  // `chat` offers: older(oldest) -> promise of the messages before it (null where there are none), far(is it far from the newest).
  constructor(chat) {
    this.chat = chat;
    this.scroll = document.getElementById("scroll");
    this.log = document.getElementById("log");
    this.messages = [];
    this.nodes = new Map();
    this.drawn = new Map();
    this.place = "";
    this.near = true;
    this.scroll.addEventListener("scroll", () => this.scrolled(), { passive: true });
    for (const kind of ["pointerover", "focusin"]) this.log.addEventListener(kind, (event) => this.met(event.target));
    this.log.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") unequip(); });
    // A turned phone or an opened keyboard leaves the newest message where it was looked at.
    new ResizeObserver(() => { if (this.near) this.toBottom(); }).observe(this.scroll);
  }

  // The messages of a place: another place is drawn anew, of the same only what has changed.
  show(place, messages, room) {
    this.room = room;
    this.log.setAttribute("aria-busy", "true");
    if (place !== this.place) this.draw(place, messages); else this.agree(messages);
    this.log.removeAttribute("aria-busy");
  }

  draw(place, messages) {
    this.place = place;
    this.loading = false;
    this.messages = [...messages];
    this.nodes.clear();
    this.drawn.clear();
    this.log.replaceChildren(...this.stretches(messages));
    this.arrange(0, messages.length - 1);
    measureFolds(this.log);
    this.toBottom();
  }

  agree(messages) {
    const known = new Set(messages.map((one) => one.id));
    for (const one of this.messages.filter((message) => !known.has(message.id))) this.remove(one.id);
    for (const one of messages) if (this.drawn.get(one.id) !== JSON.stringify(one)) this.put(one);
  }

  stretches(messages) {
    const found = [];
    for (let at = 0; at < messages.length; at += STRETCH_MESSAGES) {
      found.push(element("div", { className: "stretch" }, ...messages.slice(at, at + STRETCH_MESSAGES).map((one) => this.node(one))));
    }
    return found;
  }

  node(message) {
    const node = messageNode(message, this.room);
    this.nodes.set(message.id, node);
    this.drawn.set(message.id, JSON.stringify(message));
    return node;
  }

  // A message that is new, or stands otherwise than before.
  put(message) {
    const old = this.nodes.get(message.id);
    if (old) { this.swap(old, message); return; }
    const near = this.isNear();
    this.messages.push(message);
    let last = this.log.lastElementChild;
    if (!last || last.children.length >= STRETCH_MESSAGES) { last = element("div", { className: "stretch" }); this.log.append(last); }
    const node = this.node(message);
    last.append(node);
    this.arrange(this.messages.length - 2, this.messages.length - 1);
    measureFolds(node);
    if (near || message.from === this.room.me) this.follow(node); else this.chat.far(true);
  }

  // An edited message keeps what the reader had unfolded, and the focus.
  swap(old, message) {
    const unfolded = [...old.querySelectorAll(".fold")].map((fold) => !fold.classList.contains("closed"));
    const within = old.contains(document.activeElement);
    const focused = document.activeElement.dataset.number;
    const near = this.isNear();
    const number = this.messages.findLastIndex((one) => one.id === message.id);
    this.messages[number] = message;
    const node = this.node(message);
    old.replaceWith(node);
    this.arrange(number, number);
    measureFolds(node);
    node.querySelectorAll(".fold").forEach((fold, place) => { if (unfolded[place]) fold.querySelector(".unfold").click(); });
    if (within) (focused && node.querySelector(`[data-number="${focused}"]`) || node).focus({ preventScroll: true });
    if (near) this.toBottom();
  }

  // A pointer or the focus came to a message.
  met(target) {
    const node = target.closest("article");
    const message = node && this.messages.findLast((one) => one.id === Number(node.dataset.id));
    if (message) equip(node, message, this.room);
  }

  remove(id) {
    const number = this.messages.findLastIndex((one) => one.id === id);
    if (number < 0) return;
    const node = this.nodes.get(id);
    if (node.previousElementSibling?.classList.contains("day")) node.previousElementSibling.remove();
    node.remove();
    this.messages.splice(number, 1);
    this.nodes.delete(id);
    this.drawn.delete(id);
    this.arrange(number - 1, number);
  }

  // Days get a heading; neighbouring messages of one sender stand together.
  arrange(first, last) {
    for (let number = Math.max(0, first); number <= Math.min(last, this.messages.length - 1); number += 1) {
      const message = this.messages[number];
      const node = this.nodes.get(message.id);
      const begins = this.begins(number);
      const heading = node.previousElementSibling?.classList.contains("day") ? node.previousElementSibling : null;
      const newDay = number === 0 || dayOf(this.messages[number - 1]) !== dayOf(message);
      if (newDay && !heading) node.before(notice(dayName(message.date), "day"));
      if (!newDay && heading) heading.remove();
      node.classList.toggle("first", begins);
      node.classList.toggle("last", number === this.messages.length - 1 || this.begins(number + 1));
      const from = node.querySelector(".from");
      if (from) from.classList.toggle("hidden", !this.room.group || message.from === this.room.me || !begins);
    }
  }

  begins(number) {
    const message = this.messages[number];
    const before = this.messages[number - 1];
    return !before || dayOf(before) !== dayOf(message) || before.from !== message.from || message.date - before.date > GAP_SECONDS || Boolean(before.notice);
  }

  // ── on the way up ──

  scrolled() {
    this.near = this.isNear();
    this.chat.far(!this.isNear(4));
    if (this.scroll.scrollTop < NEAR_TOP) this.fetchOlder();
  }

  async fetchOlder() {
    if (this.loading || !this.messages.length) return;
    this.loading = true;
    const place = this.place;
    const older = await this.chat.older(this.messages[0].id);
    if (place !== this.place) return;
    if (older) this.prepend(older);
    this.loading = !older;
  }

  // What the reader looks at stays where it is.
  prepend(older) {
    const first = this.nodes.get(this.messages[0].id);
    const before = first.getBoundingClientRect().top;
    this.log.setAttribute("aria-busy", "true");
    this.log.prepend(...this.stretches(older));
    this.messages.unshift(...older);
    this.arrange(0, older.length);
    for (const node of [...this.log.children].slice(0, Math.ceil(older.length / STRETCH_MESSAGES))) measureFolds(node);
    this.log.removeAttribute("aria-busy");
    this.scroll.scrollTop += first.getBoundingClientRect().top - before;
  }

  find(id) { return this.nodes.get(id); }

  isNear(times = 1) {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_BOTTOM * times;
  }

  // A message that is taller than the room is read from its beginning.
  follow(node) {
    this.toBottom();
    if (node.offsetHeight > this.scroll.clientHeight) node.scrollIntoView({ block: "start" });
  }

  toBottom() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.chat.far(false);
  }
}

function dayName(seconds) {
  const date = new Date(seconds * 1000);
  if (date.toDateString() === new Date().toDateString()) return "Today";
  return new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" }).format(date);
}
