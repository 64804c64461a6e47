// Keyboard, scrolling and cell filters of the request list, and typing in its search box: what must not wait for the circuit.

const narrow = matchMedia("(max-width: 720px)");
export const isCompact = () => narrow.matches;

const takesText = element => element?.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable=true]");
const quiet = promise => promise.catch(() => { /* the circuit is gone, and the page with it */ });

// ---- the list ----
export function list(table, owner) {
  // Between the render that asked and now, another search may have taken the list away; the next list asks again.
  if (!table?.isConnected) { return { dispose() { } }; }
  const frame = table.parentElement;
  const bar = frame.querySelector("[data-cellbar]");
  const stop = new AbortController();
  const on = (target, name, handler) => target.addEventListener(name, handler, { signal: stop.signal });
  let top = true;
  let moving = false;
  let cell = null;

  on(table, "scroll", () => {
    bar.hidden = true;
    const now = table.scrollTop < 4;
    if (now !== top) {
      top = now;
      quiet(owner.invokeMethodAsync("ScrolledAsync", top));
    }
  });

  on(narrow, "change", () => quiet(owner.invokeMethodAsync("ResizedAsync", narrow.matches)));

  // The whole row opens, but marking text in it does not, and the link keeps the middle button and the modifier keys.
  on(table, "click", event => {
    const row = event.target.closest("[role=row]");
    if (!row || event.target.closest("a, button") || getSelection()?.toString()) { return; }
    const link = row.querySelector("a.requests__open");
    if (!link) { return; }
    if (event.ctrlKey || event.metaKey) { open(link.href, "_blank", "noopener"); } else { link.click(); }
  });

  const show = index => {
    const row = table.querySelector("[role=row]:not(.requests__row--head)");
    const height = row?.getBoundingClientRect().height ?? 34;
    const head = table.querySelector(".requests__names")?.getBoundingClientRect().height ?? 0;
    const from = index * height;
    if (from < table.scrollTop) { table.scrollTop = from; }
    else if (from + height > table.scrollTop + table.clientHeight - head) { table.scrollTop = from + height - table.clientHeight + head; }
  };

  on(document, "keydown", async event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)
      || document.querySelector("dialog[open], [data-menu].is-open")) { return; }
    const inside = table.contains(event.target);
    const by = event.key === "j" || inside && event.key === "ArrowDown" ? 1 : event.key === "k" || inside && event.key === "ArrowUp" ? -1
      : inside && event.key === "PageDown" ? 15 : inside && event.key === "PageUp" ? -15 : 0;
    if (by) {
      event.preventDefault();
      if (moving) { return; }
      moving = true;
      try {
        const index = await owner.invokeMethodAsync("MoveAsync", by);
        if (index >= 0) {
          show(index);
          table.focus({ preventScroll: true });
        }
      } catch { /* as in quiet */ } finally { moving = false; }
      return;
    }
    if (event.key === "Enter" && (inside || event.target === document.body || event.target.matches("h1, main"))) {
      const link = document.getElementById(table.getAttribute("aria-activedescendant") ?? "")?.querySelector("a.requests__open");
      if (link) {
        event.preventDefault();
        link.click();
      }
    }
  });

  // One pair of buttons for all cells, put where the pointer is.
  on(table, "pointerover", event => {
    if (event.pointerType === "touch") { return; }
    const over = event.target.closest("[data-f]");
    if (!over) { bar.hidden = true; cell = null; return; }
    if (over === cell) { return; }
    cell = over;
    const box = over.getBoundingClientRect();
    const base = frame.getBoundingClientRect();
    bar.hidden = false;
    bar.style.top = `${box.top - base.top + (box.height - bar.offsetHeight) / 2}px`;
    bar.style.left = `${Math.min(box.right, base.right) - base.left - bar.offsetWidth - 4}px`;
  });
  on(frame, "pointerleave", () => { bar.hidden = true; cell = null; });
  on(bar, "click", event => {
    const button = event.target.closest("button");
    if (!button || !cell) { return; }
    bar.hidden = true;
    quiet(owner.invokeMethodAsync("FilterAsync", cell.dataset.f, cell.dataset.v ?? "", "exclude" in button.dataset));
  });

  if (narrow.matches !== table.classList.contains("is-compact")) { quiet(owner.invokeMethodAsync("ResizedAsync", narrow.matches)); }
  return {
    toTop: () => { table.scrollTop = 0; },
    dispose: () => stop.abort(),
  };
}

// ---- the search box ----
export function search(input, owner) {
  const box = document.getElementById(input.getAttribute("aria-controls"));
  const stop = new AbortController();
  const on = (target, name, handler) => target.addEventListener(name, handler, { signal: stop.signal });
  let timer = 0;

  const options = () => box.hidden ? [] : [...box.querySelectorAll("[role=option]")];
  const active = () => options().find(option => option.getAttribute("aria-selected") === "true");
  const select = option => {
    for (const other of options()) { other.setAttribute("aria-selected", String(other === option)); }
    if (option) { input.setAttribute("aria-activedescendant", option.id); } else { input.removeAttribute("aria-activedescendant"); }
    option?.scrollIntoView({ block: "nearest" });
  };
  const ask = () => {
    clearTimeout(timer);
    select(null);
    timer = setTimeout(() => quiet(owner.invokeMethodAsync("TypedAsync", input.value, input.selectionStart ?? input.value.length)), 60);
  };
  const close = () => {
    clearTimeout(timer);
    select(null);
    quiet(owner.invokeMethodAsync("ClosedAsync"));
  };
  const submit = () => {
    clearTimeout(timer);
    select(null);
    quiet(owner.invokeMethodAsync("SubmitAsync", input.value));
  };
  const take = option => {
    input.value = option.dataset.text;
    input.setSelectionRange(+option.dataset.caret, +option.dataset.caret);
    if ("submit" in option.dataset) { submit(); } else { ask(); }
  };

  on(input, "input", ask);
  on(input, "focus", ask);
  on(input, "click", ask);
  on(input, "blur", close);
  on(box, "pointerdown", event => {
    const option = event.target.closest("[role=option]");
    event.preventDefault();   // the box keeps the focus
    if (option) { take(option); }
  });
  on(input, "keydown", event => {
    if (event.isComposing) { return; }
    const all = options();
    const at = all.indexOf(active());
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      select(all[event.key === "ArrowDown" ? (at + 1) % all.length : (at <= 0 ? all.length : at) - 1]);
    } else if (event.key === "Tab" && at >= 0) {
      event.preventDefault();
      take(all[at]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0) { take(all[at]); } else { submit(); }
    } else if (event.key === "Escape" && all.length) {
      event.preventDefault();
      close();
    }
  });

  return { dispose: () => { clearTimeout(timer); stop.abort(); } };
}

// ---- the request page: next, previous and back by key ----
export function pageKeys() {
  const stop = new AbortController();
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target) || document.querySelector("dialog[open], [data-menu].is-open")) { return; }
    const link = document.querySelector(`[data-page-key="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  }, { signal: stop.signal });
  return { dispose: () => stop.abort() };
}

// ---- the tree of a trace: one place in the tab order, moved in by key ----
export function tree(rows, owner, first) {
  const stop = new AbortController();
  let queue = Promise.resolve();
  let waiting = 0;
  const show = index => {
    const height = rows.querySelector("[role=row]")?.getBoundingClientRect().height ?? 34;
    const from = index * height;
    if (from < rows.scrollTop) { rows.scrollTop = from; }
    else if (from + height > rows.scrollTop + rows.clientHeight) { rows.scrollTop = from + height - rows.clientHeight; }
  };
  const inTree = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End"];
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target) || document.querySelector("dialog[open], [data-menu].is-open")) { return; }
    const inside = rows.contains(event.target);
    const free = event.target === document.body || event.target.matches?.("h1, main");
    if (event.key === "Enter" && (inside || free)) {
      const detail = document.getElementById("trace-detail");
      event.preventDefault();
      if (detail) { detail.focus(); return; }
    } else if (!(event.key === "j" || event.key === "k" || event.key === "Escape" || (inside || free) && inTree.includes(event.key))) { return; }
    event.preventDefault();
    // Every key that is typed counts, in its order; one that is held goes as fast as the circuit follows.
    if (waiting > (event.repeat ? 0 : 20)) { return; }
    waiting++;
    queue = queue.then(async () => {
      try {
        const index = await owner.invokeMethodAsync("KeyAsync", event.key);
        if (index >= 0) { show(index); }
        if (event.key !== "Enter") { rows.focus({ preventScroll: true }); }
      } catch { /* the circuit is gone, and the page with it */ } finally { waiting--; }
    });
  }, { signal: stop.signal });
  if (first >= 0) { show(first); }
  return { show, dispose: () => stop.abort() };
}
