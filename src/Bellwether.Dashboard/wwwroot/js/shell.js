// Menus, dialogs, keyboard, copying and relative times of the shell: whatever must not wait for the circuit.
// Elements say what they do:
//   data-menu / data-menu-button / data-menu-list   a button with a list below it
//   data-opens="id", data-closes                    native dialogs
//   data-hotkey="g o" | "mod+k" | "/"               clicks the element, or focuses it if it takes text
//   data-escape                                     the way back from a page: Escape clicks it when nothing is open
//   data-copy="text" | data-copy-from="id"          clipboard
//   <time datetime data-ago>                        "5 min ago", kept current

export const timeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

// ---- menus ----
const openMenus = () => document.querySelectorAll("[data-menu].is-open");

function setMenu(menu, open) {
  const list = menu.querySelector("[data-menu-list]");
  menu.classList.toggle("is-open", open);
  list.hidden = !open;
  menu.querySelector("[data-menu-button]").setAttribute("aria-expanded", String(open));
  if (!open) { return; }
  // Keep it on the screen: a list may open near either edge.
  list.style.removeProperty("--shift");
  const box = list.getBoundingClientRect();
  const shift = box.left < 8 ? 8 - box.left : Math.min(0, innerWidth - 8 - box.right);
  if (shift) { list.style.setProperty("--shift", `${shift}px`); }
}

function closeMenus(except) {
  for (const menu of openMenus()) { if (menu !== except) { setMenu(menu, false); } }
}

const menuItems = menu => [...menu.querySelectorAll("[data-menu-list] :is(a, button, input)")].filter(item => !item.disabled);

function menuKey(event) {
  const menu = event.target.closest("[data-menu]");
  if (!menu || event.target.matches("input") && event.key !== "Escape") { return false; }
  const open = menu.classList.contains("is-open");
  if (event.key === "Escape" && open) {
    setMenu(menu, false);
    menu.querySelector("[data-menu-button]").focus();
    return true;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return false; }
  if (!open) { setMenu(menu, true); }
  const items = menuItems(menu);
  const at = items.indexOf(document.activeElement);
  items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
  return true;
}

// ---- dialogs and the palette ----
function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) { return; }
  for (const other of document.querySelectorAll("dialog.bw-dialog[open]")) { other.close(); }
  closeMenus();
  dialog.showModal();
  const input = dialog.querySelector("[data-palette-input]");
  if (input) {
    input.value = "";
    filterPalette(dialog);
    input.focus();
  }
}

const shownCommands = dialog => [...dialog.querySelectorAll("[data-command]")].filter(item => !item.hidden);

function selectCommand(dialog, item) {
  for (const other of dialog.querySelectorAll("[data-command]")) { other.setAttribute("aria-selected", String(other === item)); }
  dialog.querySelector("[data-palette-input]").setAttribute("aria-activedescendant", item?.id ?? "");
  item?.scrollIntoView({ block: "nearest" });
}

function filterPalette(dialog) {
  const words = dialog.querySelector("[data-palette-input]").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of dialog.querySelectorAll("[data-command]")) {
    const name = item.dataset.command.toLowerCase();
    item.hidden = !words.every(word => name.includes(word));
  }
  const shown = shownCommands(dialog);
  dialog.querySelector("[data-palette-none]").hidden = shown.length > 0;
  selectCommand(dialog, shown[0]);
}

function paletteKey(event) {
  const dialog = event.target.closest("[data-palette]");
  if (!dialog) { return false; }
  const shown = shownCommands(dialog);
  const at = shown.findIndex(item => item.getAttribute("aria-selected") === "true");
  switch (event.key) {
    case "ArrowDown": selectCommand(dialog, shown[(at + 1) % shown.length]); return true;
    case "ArrowUp": selectCommand(dialog, shown[(at - 1 + shown.length) % shown.length]); return true;
    case "Enter": shown[at]?.click(); return true;
    default: return false;
  }
}

// ---- keyboard ----
let pending = "";
let pendingTimer = 0;

const takesText = element => element?.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true]");
const visible = element => element.getClientRects().length > 0;

function hotkey(combination) {
  const found = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(combination)}"]`)];
  return found.find(visible) ?? found[0];
}

function run(element) {
  if (takesText(element)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
    if (element.matches("[data-menu-button]")) { menuItems(element.closest("[data-menu]"))[0]?.focus(); }
  }
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) { return; }
  if (paletteKey(event) || menuKey(event)) { event.preventDefault(); return; }
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openDialog("bw-palette");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) { return; }
  if (event.key === "Escape") {
    if (document.querySelector("dialog[open], .mud-dialog")) { return; }
    const back = document.querySelector("[data-escape]");
    // One thing a time: what is open is closed, then the box is left, then the page.
    if (openMenus().length) { closeMenus(); } else if (takesText(event.target)) { event.target.blur(); } else if (back) { back.click(); } else { return; }
    event.preventDefault();
    return;
  }
  if (takesText(event.target) || document.querySelector("dialog[open], .mud-dialog")) { return; }
  if (event.key === "[") {
    const nav = document.documentElement.dataset.nav === "folded" ? "open" : "folded";
    document.documentElement.dataset.nav = nav;
    try { localStorage.setItem("bellwether-nav", nav); } catch { /* holds for this page */ }
    return;
  }
  const target = (pending && hotkey(`${pending} ${event.key}`)) || hotkey(event.key);
  clearTimeout(pendingTimer);
  pending = !target && event.key === "g" ? "g" : "";
  if (pending) { pendingTimer = setTimeout(() => { pending = ""; }, 1200); }
  if (target) {
    event.preventDefault();
    run(target);
  }
}

// ---- copying ----
async function copy(button) {
  const text = button.dataset.copy ?? document.getElementById(button.dataset.copyFrom)?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http on another host has no clipboard API.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.classList.add("is-done");
  say("Copied");
  setTimeout(() => button.classList.remove("is-done"), 1500);
}

let announcer;
export function say(text) {
  if (!announcer) {
    announcer = document.createElement("div");
    announcer.className = "bw-sr";
    announcer.setAttribute("role", "status");
    document.body.append(announcer);
  }
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = text; }, 50);
}

// ---- relative times: the words of Format.Ago ----
function ago(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) { return "just now"; }
  if (seconds < 60) { return `${seconds} s ago`; }
  if (seconds < 3600) { return `${Math.floor(seconds / 60)} min ago`; }
  if (seconds < 172800) { return `${Math.floor(seconds / 3600)} h ago`; }
  return `${Math.floor(seconds / 86400)} d ago`;
}

function refreshTimes() {
  if (document.hidden) { return; }
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-ago]")) {
    const words = ago(now - Date.parse(element.dateTime));
    // The text node itself stays: the circuit holds on to it.
    if (element.firstChild && element.firstChild.data !== words) { element.firstChild.data = words; }
  }
}

document.addEventListener("keydown", onKey);
document.addEventListener("input", event => {
  const dialog = event.target.closest?.("[data-palette]");
  if (dialog) { filterPalette(dialog); }
});
// The second click of a double click would send a form again, or answer a question that the first one only asked.
document.addEventListener("click", event => {
  if (event.detail > 1 && event.target.closest("form button[type=submit], .bw-confirm button")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, { capture: true });
document.addEventListener("click", event => {
  const target = event.target;
  const menuButton = target.closest("[data-menu-button]");
  if (menuButton) {
    const menu = menuButton.closest("[data-menu]");
    closeMenus(menu);
    setMenu(menu, !menu.classList.contains("is-open"));
    return;
  }
  const dialog = target.closest("dialog.bw-dialog");
  const opens = target.closest("[data-opens]");
  if (opens) { openDialog(opens.dataset.opens); return; }
  if (dialog && (target === dialog || target.closest("[data-closes], [data-command]"))) { dialog.close(); return; }
  const copies = target.closest("[data-copy], [data-copy-from]");
  if (copies) { copy(copies); return; }
  const inside = target.closest("[data-menu-list]");
  if (!inside || target.closest("a, [data-theme-choice]")) { closeMenus(); }
});
// A half-typed date has no value that a form could send; it must not count as "no date".
document.addEventListener("submit", event => {
  const half = [...event.target.querySelectorAll("input[type=date]")].find(input => input.validity.badInput);
  if (half) {
    event.preventDefault();
    event.stopImmediatePropagation();
    half.reportValidity();
  }
}, { capture: true });
// To another page as a whole, after whoever asked for it has its answer.
export function leave(path) { setTimeout(() => location.assign(path)); }
// After a form was sent: to what is wrong with it, or, where the focus went with what it was on, to the head of the page.
export function settleFocus(isRefused) {
  const wrong = isRefused && document.querySelector("main [aria-invalid=true]");
  if (wrong) { wrong.focus(); }
  else if (document.activeElement === document.body) { document.querySelector("main h1")?.focus({ preventScroll: true }); }
}
setInterval(refreshTimes, 5000);
