// Everything works without this. It adds: dialogs on the spot, live checks, keyboard, copying, times in your own zone.
(() => {
  "use strict";
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const target = event.target instanceof Element && event.target.closest(selector);
      if (target) act(event, target);
    });

  // What only makes sense with script.
  const dress = (root) => {
    all("[data-reveal],[data-copy],[data-pick-all]", root).forEach((element) => { element.hidden = false; });
    all("[data-redundant]", root).forEach((element) => { element.hidden = true; });
    all("time[datetime]", root).forEach((element) => {
      const time = new Date(element.dateTime);
      if (Number.isNaN(time.getTime())) return;
      const exact = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" }).format(time);
      element.title = exact;
      if ("exact" in element.dataset) element.textContent = exact;
    });
  };
  dress(document);
  document.querySelector("[data-focus]")?.focus();

  // Keyboard: the search from anywhere, Escape closes what is open.
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input,textarea,select,[contenteditable]");
    if ((event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)
      || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
      const box = document.querySelector("[data-search]");
      if (!box) return;
      event.preventDefault();
      const menu = document.querySelector(".menu");
      if (menu && box.offsetParent === null) menu.open = true;
      box.focus();
      box.select();
    } else if (event.key === "Escape") {
      closeMenu(true);
    }
  });

  // Row menus: one template a table; the dots say what of it fits their row.
  let dots;
  const closeMenu = (focus) => {
    if (!dots) return;
    dots.nextElementSibling.remove();
    dots.setAttribute("aria-expanded", "false");
    if (focus) dots.focus();
    dots = undefined;
  };
  document.addEventListener("click", (event) => {
    const clicked = event.target.closest("[data-items]");
    const open = dots;
    if (!event.target.closest(".menu-items a")) closeMenu();
    if (!clicked || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (clicked === open) return;
    const menu = clicked.closest(".list").querySelector("template").content.firstElementChild.cloneNode(true);
    const chosen = clicked.dataset.items && clicked.dataset.items.split(" ");
    [...menu.children].forEach((item, index) => {
      if (!chosen || chosen.includes(String(index))) item.href = clicked.pathname + item.dataset.suffix;
      else item.remove();
    });
    clicked.after(menu);
    clicked.setAttribute("aria-expanded", "true");
    dots = clicked;
    menu.firstElementChild.focus();
  });

  // Dialogs: the confirmation page's own content, shown where you are.
  const ask = async (address) => {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const content = answer.ok && page.querySelector("[data-dialog-content]");
      if (!content) return location.assign(address);
      const dialog = document.createElement("dialog");
      dialog.setAttribute("aria-labelledby", "confirmation-title");
      dialog.append(document.adoptNode(content));
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dress(dialog);
      dialog.showModal();
    } catch {
      location.assign(address);
    }
  };
  on("click", "a[data-dialog]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    ask(link.href);
    closeMenu();
  });
  on("submit", "form[data-dialog]", (event, form) => {
    event.preventDefault();
    ask(form.action + "?" + new URLSearchParams(new FormData(form, event.submitter)));
  });
  on("click", "dialog [data-cancel]", (event, link) => {
    event.preventDefault();
    const dialog = link.closest("dialog");
    dialog.close();
    dialog.remove();
  });
  on("click", "dialog", (event, dialog) => {
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) dialog.close();
  });

  // The permission editor: its own buttons and choices redraw it on the spot, and what is typed is checked meanwhile.
  const redraw = async (form, submitter, part, signal) => {
    const body = new URLSearchParams(new FormData(form, submitter));
    if (!submitter) body.set("do", "check");
    const focused = document.activeElement && document.activeElement.id;
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = document.adoptNode(page.querySelector(part));
      form.querySelector(part).replaceWith(fresh);
      dress(form);
      if (part !== "[data-editor]") return;
      const next = fresh.querySelector("[autofocus]") || document.getElementById(focused) || fresh.querySelector(".open select");
      if (next) next.focus();
    } catch (problem) {
      if (problem.name === "AbortError" || !submitter) return;
      form.dataset.plain = "1";
      form.requestSubmit(submitter);
    }
  };
  document.addEventListener("submit", (event) => {
    const step = event.submitter;
    if (!step || !step.closest("[data-editor]") || event.target.dataset.plain) return;
    event.preventDefault();
    redraw(event.target, step, "[data-editor]");
  });
  on("change", "[data-redraw]", (event, select) => redraw(select.form, undefined, "[data-editor]"));
  let checking;
  on("input", "[data-editor] :not([data-redraw])", (event, field) => {
    if (checking) checking();
    const abort = new AbortController();
    const timer = setTimeout(() => {
      if (field.form && field.form.querySelector("[data-checked]")) redraw(field.form, undefined, "[data-checked]", abort.signal);
    }, 350);
    checking = () => {
      clearTimeout(timer);
      abort.abort();
    };
  });

  // One click sends one form.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches(".theme")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => event.submitter?.setAttribute("aria-disabled", "true"));
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  // Colours change without leaving the page, so nothing typed is lost.
  on("submit", "form.theme", async (event, form) => {
    event.preventDefault();
    const choice = event.submitter?.value;
    try {
      await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)), redirect: "manual" });
    } finally {
      if (choice === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = choice;
      all("button", form).forEach((button) => button.setAttribute("aria-pressed", String(button.value === choice)));
    }
  });

  // Addresses say what was asked for, and not what was left empty.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  on("change", "[data-submit]", (event, select) => select.form.requestSubmit());
  on("click", "[data-dismiss]", (event, link) => {
    event.preventDefault();
    link.closest("[data-toast]").remove();
  });
  on("click", "[data-copy]", async (event, button) => {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 1600);
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("pre"));
    }
  });

  // Selection
  const picks = () => [...all("tbody [name='ids[]']")];
  on("change", "[data-pick-all]", (event, box) => picks().forEach((pick) => { pick.checked = box.checked; }));
  on("change", "[name='ids[]']", () => {
    const head = document.querySelector("[data-pick-all]");
    if (!head) return;
    const chosen = picks().filter((pick) => pick.checked).length;
    head.checked = chosen > 0 && chosen === picks().length;
    head.indeterminate = chosen > 0 && !head.checked;
  });

  const waiting = new WeakMap();

  // Names offered while one is typed
  on("input", "[data-find]", (event, field) => {
    clearTimeout(waiting.get(field));
    if (!field.value || event.inputType === "insertReplacementText") return;
    waiting.set(field, setTimeout(async () => {
      const kind = field.form.elements.namedItem(field.dataset.kind)?.value;
      const query = new URLSearchParams({ q: field.value, ...(kind && { kind }) });
      try {
        const answer = await fetch(field.dataset.find + (field.dataset.find.includes("?") ? "&" : "?") + query);
        if (!answer.ok) return;
        field.list.replaceChildren(...(await answer.json()).items.map((item) => new Option(item.label, item.value)));
      } catch { /* An offer only: the server finds the name. */ }
    }, 200));
  });

  // Times are sent in UTC, and shown and taken in the viewer's zone.
  const pad = (number) => String(number).padStart(2, "0");
  all("[data-zone]").forEach((field) => {
    const time = new Date(field.value + "Z");
    if (!Number.isNaN(time.getTime())) {
      field.value = time.getFullYear() + "-" + pad(time.getMonth() + 1) + "-" + pad(time.getDate())
        + "T" + pad(time.getHours()) + ":" + pad(time.getMinutes());
    }
    document.getElementById("hint-" + field.name).textContent = field.dataset.zone;
  });
  document.addEventListener("formdata", (event) => all("[data-zone]", event.target).forEach((field) => {
    const time = new Date(field.value);
    if (!Number.isNaN(time.getTime())) event.formData.set(field.name, time.toISOString());
  }));

  // Passwords: show, and advice while typing
  on("click", "[data-reveal]", (event, button) => {
    const field = document.getElementById(button.dataset.reveal);
    const reveal = field.type === "password";
    button.dataset.show ??= button.textContent;
    field.type = reveal ? "text" : "password";
    button.textContent = reveal ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-pressed", String(reveal));
    field.focus();
  });
  on("input", "[data-advice]", (event, field) => {
    clearTimeout(waiting.get(field)?.timer);
    waiting.get(field)?.abort.abort();
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const words = document.getElementById("advice-" + field.name);
      const say = (text, tone) => {
        words.textContent = text;
        words.className = "advice " + tone;
      };
      if (!field.value) return say("", "");
      const body = new URLSearchParams({ password: field.value });
      for (const name of ["csrf", "username", "name", "email"]) {
        const other = field.form.elements.namedItem(name);
        const value = other?.value ?? field.dataset[name];
        if (value) body.set(name, value);
      }
      try {
        const answer = await fetch(field.dataset.advice, { method: "POST", body, signal: abort.signal });
        if (!answer.ok) return;
        const { problems } = await answer.json();
        say(problems.length ? problems[0] : field.dataset.good, problems.length ? "warn" : "good");
      } catch { /* Advice only: the server says it again when the form is sent. */ }
    }, 350);
    waiting.set(field, { timer, abort });
  });

  // Checks when a field is left, taken back as soon as it is right
  const rules = {
    username: (field) => /^[A-Za-z0-9_~@.+-]{1,256}$/.test(field.value),
    email: (field) => /^[^\s@]+@[^\s@]+$/.test(field.value),
    same: (field) => field.value === document.getElementById(field.dataset.other)?.value,
  };
  const check = (field, onlyClear) => {
    const wrong = field.value !== "" && !rules[field.dataset.check](field);
    if (wrong && onlyClear) return;
    const words = document.getElementById("error-" + field.name);
    if (!wrong && words.textContent !== field.dataset.message) return;
    words.textContent = wrong ? field.dataset.message : "";
    words.hidden = !wrong;
    field.closest(".field").classList.toggle("wrong", wrong);
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  // A message that appears while a button is pressed would push the button away from under the pointer, and lose the click.
  let isPressed = false;
  addEventListener("pointerdown", () => { isPressed = true; }, true);
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { isPressed = false; }, true);
  on("focusout", "[data-check]", (event, field) => {
    if (!isPressed) return check(field, false);
    addEventListener("pointerup", () => setTimeout(() => check(field, false)), { once: true });
  });
  on("input", "[data-check]", (event, field) => check(field, true));
})();
