// The writing line: sending, editing, replying, the commands menu, files.

import { element } from "./words.js";

const COMMANDS_ID = "command-";

export class Writing {
  // `chat` offers: send(text, reply, quote), edit(message, text), upload(file), commands(), lastOwn(), told(words).
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
    this.words.addEventListener("keydown", (event) => this.key(event));
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

  // ── the commands menu ──

  offer() {
    const typed = this.words.value.match(/^\/(\w*)$/);
    if (typed && !this.editing) this.open(this.chat.commands().filter((one) => one.command.startsWith(typed[1].toLowerCase())));
    else this.close();
  }

  toggleMenu() {
    if (!this.list.hidden) { this.close(); return; }
    const commands = this.chat.commands();
    if (commands.length) { this.open(commands); this.words.focus(); } else this.chat.told("The bot has set no commands yet.");
  }

  open(commands) {
    if (!commands.length) { this.close(); return; }
    this.list.replaceChildren(...commands.map((one, number) => {
      const item = element("li", { id: COMMANDS_ID + number, role: "option" }, element("b", { textContent: `/${one.command}` }), element("span", { textContent: one.description, dir: "auto" }));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); this.pick(number); });
      item.dataset.command = `/${one.command}`;
      return item;
    }));
    this.list.hidden = false;
    this.menu.setAttribute("aria-expanded", "true");
    this.words.setAttribute("aria-controls", "commands");
    this.mark(0);
  }

  close() {
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

  keyInMenu(event) {
    const acts = {
      ArrowDown: () => this.mark(this.marked + 1), ArrowUp: () => this.mark(this.marked - 1),
      Enter: () => this.pick(this.marked), Escape: () => this.close(),
      Tab: () => { this.words.value = `${this.list.children[this.marked].dataset.command} `; this.close(); },
    };
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
    return Boolean(act);
  }

  async pick(number) {
    const command = this.list.children[number].dataset.command;
    this.rest(true);
    await this.chat.send(command, null, "");
  }

  receiveDrops(place) {
    const stop = (event) => event.preventDefault();
    place.addEventListener("dragover", (event) => { stop(event); place.classList.add("dropping"); });
    place.addEventListener("dragleave", (event) => { if (!place.contains(event.relatedTarget)) place.classList.remove("dropping"); });
    place.addEventListener("drop", (event) => { stop(event); place.classList.remove("dropping"); for (const one of event.dataTransfer.files) this.chat.upload(one); });
  }
}
