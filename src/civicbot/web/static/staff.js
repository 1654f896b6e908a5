// The staff desk's script. The server renders every part; this listens to what staff do, tells the server (`trigger`
// is Gradio's) and keeps what is the browser's own: focus, scrolling, the address, what is being typed.
import { checkPreferences, startPreferences } from './preferences.js';
import { never, showPlaces, soon, spliced } from './staff-briefs.js';
import { startConnection } from './staff-connection.js';
import { fieldsOf, forgetAllDrafts, forgetDraft, hasDraft, keepDraft, restoreDrafts } from './staff-drafts.js';
import { keysAreOn, startKeys } from './staff-keys.js';

const OPEN = 'open_screen';
const HUSH_MS = 8000;
const byId = (id) => document.getElementById(id);
const state = () => byId('sd-state')?.dataset;

let trigger = () => {};
let connection = null;
let sequence = 0;
let waiting = null; // { seq, op, draft, from, focus, moves, back } from sending until the answer is drawn
let next = null; // what was done meanwhile; only the last counts
let settled = -1;
let opened = null; // what was open of the screen that is drawn anew
let hushing = null;
let reopening = null;

export function start(gradios, events) {
  trigger = (op, data) => {
    if (!events.includes(op)) throw new Error(`unknown event ${op}`);
    gradios(op, data);
  };
  for (const main of document.querySelectorAll('main')) main.setAttribute('role', 'none'); // Gradio's, around everything
  byId('sd-main').setAttribute('role', 'main');
  startPreferences();
  startKeys();
  connection = startConnection({ refused: onRefused });
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  document.addEventListener('input', onInput);
  document.addEventListener('change', onChange);
  document.addEventListener('keydown', onEnter);
  addEventListener('popstate', () => send(OPEN, {}, { moves: true, back: true }));
  new MutationObserver(update).observe(byId('sd-page'), { childList: true, subtree: true });
  update();
}

// ---------------------------------------------------------------- telling the server

function send(op, fields = {}, { draft = null, address = location.search, moves = false, back = false, quiet = false } = {}) {
  if (waiting) {
    next = () => send(op, fields, { draft, address, moves, back, quiet });
    return;
  }
  sequence += 1;
  waiting = { seq: sequence, op, draft, moves, back, quiet, from: location.search, focus: document.activeElement?.id };
  opened = new Set([...document.querySelectorAll('#sd-main details[open] > summary')].map((one) => one.textContent));
  document.documentElement.dataset.busy = 'yes';
  for (const one of document.querySelectorAll('[aria-invalid][data-marked]')) unmark(one);
  trigger(op, { seq: sequence, language: language(), address, fields });
}

const language = () => document.querySelector('.sd-header')?.lang || document.documentElement.lang;

function go(address) {
  send(OPEN, {}, { address, moves: true });
}

function onRefused(quiet) {
  const answered = waiting;
  free();
  if (!answered || quiet) return;
  const line = byId('sd-net');
  line.textContent = line.dataset.failed;
  line.hidden = false;
}

function free() {
  waiting = null;
  delete document.documentElement.dataset.busy;
}

// ---------------------------------------------------------------- what staff do

function onClick(event) {
  const target = event.target.closest('a, button');
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const address = target.getAttribute('href');
  if (address?.startsWith('?')) {
    event.preventDefault();
    if (target.dataset.forget) forgetDraft(target.dataset.forget);
    go(address);
  } else if (target.dataset.dialog) {
    byId(target.dataset.dialog).showModal();
  } else if ('close' in target.dataset) {
    target.closest('dialog').close();
  } else if ('hush' in target.dataset) {
    byId('sd-toast').hidden = true;
  } else if (target.dataset.language) {
    switchTo(target.dataset.language);
  } else if (address === '#sd-heading') {
    event.preventDefault();
    byId('sd-heading')?.focus();
  }
}

function switchTo(chosen) {
  document.cookie = `civicbot_staff_language=${chosen}; path=/staff; max-age=31536000; samesite=strict`;
  document.querySelector('.sd-header').lang = chosen;
  const address = new URL(location.href);
  address.searchParams.delete('lang');
  history.replaceState(history.state, '', address);
  send(OPEN);
}

async function onSubmit(event) {
  const form = event.target;
  if ('leaving' in form.dataset) {
    forgetAllDrafts();
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  if (form.dataset.go) {
    const query = new URLSearchParams({ screen: form.dataset.go });
    for (const [name, values] of Object.entries(fieldsOf(form))) if (values.at(-1)) query.set(name, values.at(-1));
    go(`?${query}`);
    return;
  }
  const op = button?.dataset.op || form.dataset.op;
  const fields = spliced(form, fieldsOf(form, button));
  if (!op || (button?.dataset.confirm && !(await confirmed(button.dataset.confirm)))) return;
  never();
  send(op, fields, { draft: form.dataset.draft });
}

/** Sends what is typed to be checked. */
function check(form) {
  if (form.isConnected) send(form.dataset.live, spliced(form, fieldsOf(form)), { draft: form.dataset.draft });
}

function confirmed(question) {
  const dialog = byId('sd-confirm');
  byId('sd-confirm-text').textContent = question;
  return new Promise((resolve) => {
    byId('sd-yes').onclick = () => dialog.close('yes');
    dialog.returnValue = '';
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.showModal();
  });
}

function onInput(event) {
  const form = event.target.form;
  if (form?.dataset.draft && event.target.type !== 'password') keepDraft(form);
  if (form?.dataset.live) soon(() => check(form));
}

function onChange(event) {
  const target = event.target;
  if (target.dataset.all) {
    for (const box of document.querySelectorAll(`input[name="${target.dataset.all}"]`)) box.checked = target.checked;
  } else if (target.dataset.remember) {
    remember(target.dataset.remember, target.checked);
  } else if ('texts' in target.dataset) {
    suggest(target);
  }
  decorate();
}

/** Enter sends where a text has one line in all likelihood; Shift and Enter makes another. */
function onEnter(event) {
  const target = event.target;
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229 || !target.matches?.('textarea[data-enter]')) return;
  event.preventDefault();
  target.form.requestSubmit();
}

/** The texts that go with what is chosen, unless somebody has written others. */
function suggest(select) {
  const texts = [...select.options].map((option) => option.dataset);
  for (const name of ['ko', 'en']) {
    const field = select.form.elements[`text_${name}`];
    if (!field.value.trim() || texts.some((one) => one[name] === field.value)) field.value = select.selectedOptions[0].dataset[name];
  }
}

const REMEMBERED = { keys: true, advance: false };

function remember(name, on) {
  try {
    localStorage.setItem(`civicbot-desk-${name}`, on ? 'on' : 'off');
  } catch {
    // It lasts until the screen is drawn anew.
  }
}

function remembered(name) {
  if (name === 'keys') return keysAreOn();
  try {
    return (localStorage.getItem(`civicbot-desk-${name}`) ?? (REMEMBERED[name] ? 'on' : 'off')) === 'on';
  } catch {
    return REMEMBERED[name];
  }
}

// ---------------------------------------------------------------- after every change

function update() {
  const told = state();
  if (!told) return;
  const seq = Number(told.seq);
  const drawn = told.drawn === '' || Number(document.querySelector(told.drawn === 'screen' ? '.sd-screen' : '.sd-panel')?.dataset.seq) === seq;
  if (seq !== settled && drawn) settle(seq, told);
}

function settle(seq, told) {
  settled = seq;
  const answered = waiting?.seq === seq ? waiting : null;
  if (answered) free();
  byId('sd-net').hidden = true;
  document.documentElement.lang = told.desk ? byId('sd-state').lang : document.documentElement.lang;
  if (told.code === 'logged_out') connection.expire();
  if (answered?.draft && told.settled) forgetDraft(answered.draft);
  if (told.address) place(told, answered);
  if (told.drawn) renew(answered, told);
  mark(told.fields);
  decorate();
  if (answered && !(answered.quiet && !answered.focus)) focusAgain(answered, told);
  lookAgain();
  clearTimeout(hushing);
  if (byId('sd-toast') && !told.code) hushing = setTimeout(() => { if (byId('sd-toast')) byId('sd-toast').hidden = true; }, HUSH_MS);
  const then = next;
  next = null;
  then?.();
}

/**
 * Gradio changes elements in place, and what was typed stays in them: every form gets the values that the server gave
 * it, but those that are being written.
 */
function renew(answered, told) {
  const screen = document.querySelector('.sd-screen');
  const fresh = screen !== renew.shown;
  renew.shown = screen;
  for (const form of document.querySelectorAll('#sd-page form')) {
    const drawn = 'keep' in form.dataset && told.drawn === 'panel' && form.dataset.draft === answered?.draft;
    if (drawn || (told.drawn === 'screen' && !hasDraft(form))) form.reset();
    if (drawn && !told.settled) keepDraft(form);
  }
  const redraw = (form, fields) => { next = () => send(form.dataset.op, fields, { draft: form.dataset.draft }); };
  if (fresh) {
    never();
    showPlaces();
  }
  if (restoreDrafts(byId('sd-page'), redraw) && fresh) {
    tell();
    const typed = document.querySelector('form[data-live]');
    if (typed) next = () => check(typed);
  }
}

/** Says that what was typed earlier is there again. */
function tell() {
  const line = byId('sd-net');
  line.textContent = line.dataset.restored;
  line.hidden = false;
}

/** What goes on without anybody's doing is looked at again, unless somebody is just typing or answering a question. */
function lookAgain() {
  clearTimeout(reopening);
  const part = document.querySelector('#sd-main [data-again]');
  if (!part) return;
  reopening = setTimeout(() => {
    const taken = waiting || document.hidden || document.querySelector('dialog[open]') || document.activeElement?.matches('input, textarea, select');
    if (taken) lookAgain();
    else send(OPEN, {}, { quiet: true });
  }, Number(part.dataset.again));
}

function place(told, answered) {
  document.title = `${told.title} - ${told.desk}`;
  if (answered && !answered.back && told.address !== location.search) history.pushState(null, '', told.address);
  else if (!answered || answered.back) history.replaceState(null, '', told.address);
}

function focusAgain(answered, told) {
  if (answered.moves || (told.address && told.address !== answered.from)) {
    if (!answered.back) scrollTo(0, 0);
    const target = byId('sd-composer-title') || (answered.focus?.startsWith('sd-reason') && byId(answered.focus)) || byId('sd-heading');
    target?.focus({ preventScroll: target.id !== 'sd-composer-title' });
    return;
  }
  if (document.activeElement && document.activeElement !== document.body) return;
  const target = byId(answered.focus) || document.querySelector('[aria-invalid=true]') || byId('sd-t-answer') || byId('sd-heading');
  if (target && !target.disabled) target.focus({ preventScroll: true });
}

function mark(names) {
  for (const name of (names || '').split(' ').filter(Boolean)) {
    for (const field of document.querySelectorAll(`#sd-page form [name="${name}"]:not([type=hidden])`)) {
      field.setAttribute('aria-invalid', 'true');
      field.dataset.marked = 'yes';
    }
  }
}

function unmark(field) {
  field.removeAttribute('aria-invalid');
  delete field.dataset.marked;
}

function decorate() {
  checkPreferences();
  for (const box of document.querySelectorAll('[data-remember]')) box.checked = remembered(box.dataset.remember);
  document.documentElement.dataset.keys = keysAreOn() ? 'on' : 'off';
  for (const part of document.querySelectorAll('[data-only]')) part.hidden = byId(part.dataset.of).value !== part.dataset.only;
  const chosen = document.querySelectorAll('input[name=items]:checked').length;
  byId('sd-bulk')?.classList.toggle('sd-any', chosen > 0);
  if (opened) {
    for (const summary of document.querySelectorAll('#sd-main summary')) if (opened.has(summary.textContent)) summary.parentElement.open = true;
    opened = null;
  }
}
