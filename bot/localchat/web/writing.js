// The writing line: sending, editing, replying, files; and the list above it, of commands or of the bot's offers.

import { element } from "./words.js";

const ITEM_ID = "item-";
const PAUSE_MS = 250;
const EARLY_MAX = 5;

export class Writing {
  // `chat` offers: send(text, reply, quote), edit(message, text), upload(file), commands(), lastOwn(), told(words),
  // start(parameter), name() of the bot, type(words) -> promise of an inline query, choose(query, offer).
  constructor(chat) {
    this.chat = chat;
    this.form = document.getElementById("write");
    this.words = document.getElementById("words");
    this.list = document.getElementById("commands");
    this.about = document.getElementById("about");
    this.menu = document.getElementById("menu");
    this.file = document.getElementById("file");
    this.rest();
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.words.addEventListener("input", () => { this.grow(); this.offer(); });
    addEventListener("resize", () => this.grow());
    this.words.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("keydown", (event) => this.keyInMenu(event));
    this.menu.addEventListener("click", () => this.toggleMenu());
    document.getElementById("drop").addEventListener("click", () => { this.rest(true); this.words.focus(); });
    document.getElementById("attach").addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => { for (const one of this.file.files) chat.upload(one); this.file.value = ""; });
    this.receiveDrops(document.getElementById("room"));
  }

  rest(clear = false) {
    if (clear || this.editing) { this.words.value = ""; this.grow(); }
    this.editing = null; this.reply = null; this.quote = "";
    this.about.hidden = true;
    this.close();
  }

  replyTo(message, quote) {
    this.rest();
    this.reply = message; this.quote = quote;
    this.describe(`Reply to ${message.name}`, quote || message.text || (message.file && message.file.name) || "");
  }

  edit(message) {
    this.rest();
    this.editing = message;
    this.words.value = message.text;
    this.describe("Edit message", message.text);
    this.grow();
  }

  describe(title, text) {
    const words = this.about.querySelector(".about-words");
    words.replaceChildren(element("b", {}, element("bdi", { textContent: title })), element("span", { textContent: text, dir: "auto" }));
    this.about.hidden = false;
    this.words.focus();
  }

  grow() {
    this.words.style.height = "auto";
    this.words.style.height = `${this.words.scrollHeight}px`;
  }

  async submit() {
    const text = this.words.value.trim();
    if (!text) return;
    const { editing, reply, quote } = this;
    this.rest(true); // at once: what is typed while the server answers must stay
    const done = editing ? await this.chat.edit(editing, text) : await this.chat.send(text, reply, quote);
    if (!done && !this.words.value) { this.words.value = text; this.grow(); }
  }

  key(event) {
    if (event.isComposing) return;
    if (!this.list.hidden && this.keyInMenu(event)) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    if (event.key === "Escape") this.rest(Boolean(this.editing));
    if (event.key === "ArrowUp" && !this.words.value) {
      const last = this.chat.lastOwn();
      if (last) { event.preventDefault(); this.edit(last); }
    }
  }

  // ── the list: commands, or what the bot offers for its name and some words ──

  offer() {
    const command = this.words.value.match(/^\/(\w*)$/);
    const typed = this.words.value.match(/^@(\w+)\s([^]*)$/);
    clearTimeout(this.pause);
    if (this.editing) this.close();
    else if (command) this.openCommands(command[1].toLowerCase());
    else if (typed && typed[1].toLowerCase() === this.chat.name().toLowerCase()) this.pause = setTimeout(() => this.type(typed[2]), PAUSE_MS);
    else this.close();
  }

  toggleMenu() {
    if (!this.list.hidden) { this.close(); return; }
    if (this.openCommands("")) this.words.focus(); else this.chat.told("The bot has set no commands yet.");
  }

  openCommands(begin) {
    const found = this.chat.commands().filter((one) => one.command.startsWith(begin));
    this.open("Commands", found.map((one) => ({
      title: `/${one.command}`, detail: one.description, whole: `/${one.command} `,
      act: () => this.chat.send(`/${one.command}`, null, ""),
    })));
    if (found.length) this.mark(0);
    return found.length > 0;
  }

  async type(words) {
    this.query = null;
    this.early = [];
    const query = await this.chat.type(words);
    if (!query) return;
    this.query = query;
    const event = (this.early || []).find((one) => one.query === query);
    if (event) this.offered(event);
  }

  // An answer may overtake the response that names its query.
  offered(event) {
    if (!this.query) { if (this.early) this.early = [...this.early, event].slice(-EARLY_MAX); return; }
    if (event.query !== this.query) return;
    const note = event.note && { title: event.note.text, detail: "", act: () => this.chat.start(event.note.start) };
    const offers = event.results.map((one) => ({ title: one.title, detail: one.description, act: () => this.chat.choose(event.query, one.id) }));
    this.open("Quotes to send", [...(note ? [note] : []), ...offers], "offers");
  }

  open(label, items, className = "") {
    if (!items.length) { this.close(); return; }
    this.items = items;
    this.list.className = className;
    this.list.setAttribute("aria-label", label);
    this.list.replaceChildren(...items.map((one, number) => {
      const item = element("li", { id: ITEM_ID + number, role: "option" }, element("b", { textContent: one.title, dir: "auto" }), element("span", { textContent: one.detail, dir: "auto" }));
      item.setAttribute("aria-selected", "false");
      item.addEventListener("mousedown", (event) => { event.preventDefault(); this.pick(number); });
      return item;
    }));
    this.marked = -1;
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.menu.setAttribute("aria-expanded", "true");
    this.words.setAttribute("aria-controls", "commands");
  }

  close() {
    clearTimeout(this.pause);
    this.query = this.early = null;
    this.list.hidden = true;
    this.menu.setAttribute("aria-expanded", "false");
    this.words.removeAttribute("aria-activedescendant");
  }

  mark(number) {
    const items = [...this.list.children];
    this.marked = (number + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === this.marked)));
    items[this.marked].scrollIntoView({ block: "nearest" });
    this.words.setAttribute("aria-activedescendant", items[this.marked].id);
  }

  // With nothing marked, Enter sends what is written.
  keyInMenu(event) {
    const marked = this.items[this.marked];
    const acts = { ArrowDown: () => this.mark(this.marked + 1), ArrowUp: () => this.mark(Math.max(this.marked, 0) - 1), Escape: () => this.close() };
    if (marked) acts.Enter = () => this.pick(this.marked);
    if (marked && marked.whole) acts.Tab = () => { this.words.value = marked.whole; this.close(); };
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
    return Boolean(act);
  }

  async pick(number) {
    const { act } = this.items[number];
    this.rest(true);
    await act();
  }

  receiveDrops(place) {
    const stop = (event) => event.preventDefault();
    place.addEventListener("dragover", (event) => { stop(event); place.classList.add("dropping"); });
    place.addEventListener("dragleave", (event) => { if (!place.contains(event.relatedTarget)) place.classList.remove("dropping"); });
    place.addEventListener("drop", (event) => { stop(event); place.classList.remove("dropping"); for (const one of event.dataTransfer.files) this.chat.upload(one); });
  }
}
