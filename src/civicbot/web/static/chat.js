// The chat page's script. The server renders every part; this listens to what residents do, tells the server
// (`trigger` is Gradio's) and keeps what is the browser's own: the typed question, focus, scrolling, the address.
import { copyText, printTurn, shareLink } from './sharing.js';
import { carryPreferences, checkPreferences, startPreferences } from './preferences.js';
import { checkSources, startSources } from './sources.js';
import { startConnection } from './connection.js';

const LONGEST = 1000;
const COUNTED_FROM = 900;
const ENDED_MS = 15_000; // the longest that a question waits for the end of an answer that was stopped
const TWICE_MS = 300; // that end is told twice, by its own stream and by what stopped it
const byId = (id) => document.getElementById(id);
const box = () => byId('cb-question');
const words = () => byId('cb-words').dataset;
const state = () => byId('cb-state').dataset;
const pending = () => document.querySelector('.cb-turn.cb-pending') !== null;

const opened = new Set(); // ids of what was opened; a re-rendered part comes back closed
let send = () => {};
let connection = null;
let waiting = null; // { question, typed, asked, alerts } between sending a question and its appearance
let running = false; // a question was sent, and its answer has not come to an end
let ending = null; // { over, done } of an answer that was stopped: Gradio drops what is asked before it is over
let shown = 0;
let fresh = false; // a question has just come into the conversation
let following = false; // the newest question is kept at the top while its answer grows
let wished = null; // a language that was chosen while an answer was being made
let arriving = null; // what takes the focus once it is there
let ready = false;

export function start(trigger, events) {
  send = (event, data = {}) => {
    if (!events.includes(event)) throw new Error(`unknown event ${event}`);
    trigger(event, { language: language(), conversation: state().conversation || null, ...data });
  };
  for (const main of document.querySelectorAll('main')) main.setAttribute('role', 'none'); // Gradio's, around everything
  giveRole('cb-main', 'main').tabIndex = -1;
  giveRole('cb-log', 'log').setAttribute('aria-live', 'off'); // start and end are announced by the status line
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  document.addEventListener('keydown', onKey);
  document.addEventListener('input', (event) => event.target === box() && fit());
  for (const kind of ['wheel', 'touchmove', 'keydown', 'mousedown']) document.addEventListener(kind, letGo, { passive: true });
  for (const kind of ['click', 'auxclick', 'contextmenu']) document.addEventListener(kind, carryPreferences, true);
  startPreferences();
  startSources(words);
  connection = startConnection({ words, pending, unsent, ended, refused: onRefused, again: askTyped });
  // What Gradio changes in its own hidden progress display is none of ours.
  const ours = (record) => (record.target.parentElement ?? record.target).closest('.html-container') !== null;
  new MutationObserver((records) => records.some(ours) && update()).observe(byId('cb-page'), { childList: true, subtree: true, characterData: true });
  update();
  document.documentElement.dataset.ready = '';
}

const language = () => document.querySelector('[data-language]').dataset.language;

function giveRole(id, role) {
  const element = byId(id);
  element.setAttribute('role', role);
  return element;
}

// ---------------------------------------------------------------- asking

async function ask(question, typed) {
  if (waiting || pending()) return;
  const mine = { question, typed, asked: state().asked, alerts: state().alerts };
  waiting = mine;
  byId('cb-alert').textContent = '';
  update();
  await ending?.over;
  const reachable = await connection.check();
  if (waiting !== mine) return; // stopped meanwhile
  if (reachable) {
    running = true;
    send('ask', { question });
  } else {
    waiting = null;
    update();
  }
}

function endAnswer() {
  waiting = null;
  if (!running) return;
  running = false;
  ending = {};
  ending.over = new Promise((done) => {
    ending.done = done;
    setTimeout(done, ENDED_MS);
  });
}

/** Whether what has just failed is an answer that was stopped. */
function ended() {
  if (running) return false;
  if (ending) setTimeout(ending.done, TWICE_MS);
  return true;
}

function askTyped() {
  const question = box().value;
  if (touched()) box().blur(); // the keyboard on the screen goes, the new question takes the focus
  else box().focus(); // the button that was pressed gives way to "stop"
  ask(question, true);
}

const touched = () => matchMedia('(pointer: coarse)').matches;

/** Where a resident goes on: the question box, but not where that would bring up a keyboard unasked. */
function goOn() {
  if (touched()) byId('cb-main').focus({ preventScroll: true });
  else box().focus();
}

function onRefused() {
  waiting = null;
  running = false;
  send('refuse');
  update();
}

/** The question that would be lost if the page were loaded again now. */
function unsent() {
  const newest = document.querySelector('.cb-turn.cb-pending .cb-question p');
  return (newest ? newest.textContent : waiting?.question) || box().value;
}

// ---------------------------------------------------------------- what residents do

const acts = {
  language: (button) => {
    wished = button.dataset.value;
    update();
  },
  again: () => {
    endAnswer();
    opened.clear();
    send('start_again');
    goOn();
  },
  stop: () => {
    endAnswer();
    send('stop_answer');
    goOn();
  },
  copy: (button) => {
    const turn = button.closest('.cb-turn');
    const link = turn.querySelector('[data-act="share"]');
    const address = link ? `\n${words().address.replace('{address}', location.origin + link.dataset.value)}` : '';
    copyText(turn.querySelector('.cb-copy').textContent + address, button, words().copied, words().failed);
  },
  share: (button) => shareLink(location.origin + button.dataset.value, button, words().shared, words().failed),
  code: (button) => copyText(button.dataset.value, button, words().code, words().failed),
  print: (button) => printTurn(button.closest('.cb-turn')),
  helpful: (button) => rate(button, { helpful: true }),
  unhelpful: (button) => rate(button, { helpful: false }),
};

function rate(element, data) {
  arriving = `rating-${number(element)}`;
  tell('rate', { answer: element.dataset.answer, ...data });
}

const number = (element) => element.closest('.cb-turn').id.replace('turn-', '');

async function tell(event, data) {
  if (await connection.check()) send(event, data);
}

function onClick(event) {
  const target = event.target.closest('button, a');
  if (!target) return;
  if (target.dataset.ask !== undefined) ask(target.dataset.ask, false);
  else if (target.dataset.toggle) toggle(target.dataset.toggle);
  else if (acts[target.dataset.act]) acts[target.dataset.act](target);
}

function onSubmit(event) {
  const form = event.target;
  event.preventDefault();
  if (form.id === 'cb-form') {
    askTyped();
  } else if (form.dataset.form === 'reasons') {
    const reasons = [...form.querySelectorAll('input:checked')].map((one) => one.value);
    rate(form, { helpful: false, reasons, comment: form.elements.comment.value.trim() || null });
  } else if (form.dataset.form === 'leave') {
    arriving = `leave-${number(form)}`;
    tell('leave', { answer: form.dataset.answer, message: form.elements.message.value.trim() || null });
  }
}

function onKey(event) {
  // While Korean is being composed, Enter only ends the syllable.
  if (event.target === box() && event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    askTyped();
  }
  if (event.key === 'Escape' && opened.has('cb-display')) {
    toggle('cb-display');
    document.querySelector('[data-toggle="cb-display"]').focus();
  }
}

function toggle(id) {
  if (opened.has(id)) opened.delete(id);
  else opened.add(id);
  update();
  if (opened.has(id)) byId(id).querySelector('input, textarea')?.focus();
}

// ---------------------------------------------------------------- after every change

function update() {
  settle();
  const busy = waiting !== null || pending();
  if (!busy) running = false;
  nameThePage();
  for (const button of document.querySelectorAll('[data-toggle]')) {
    const open = opened.has(button.dataset.toggle);
    button.setAttribute('aria-expanded', String(open));
    const target = byId(button.dataset.toggle);
    if (target) target.hidden = !open;
  }
  const stopping = document.activeElement === byId('cb-stop');
  byId('cb-ask').hidden = busy;
  byId('cb-stop').hidden = !busy;
  if (stopping && !busy) goOn();
  byId('cb-again').hidden = document.querySelector('.cb-turn') === null;
  if ('alert' in state()) box().setAttribute('aria-invalid', 'true');
  else box().removeAttribute('aria-invalid');
  checkPreferences();
  checkSources();
  connection.watch(pending());
  connection.expect(waiting !== null);
  fit();
  showNewest(busy);
  takeFocus();
  speak(busy);
}

/** An answer is finished in the language that it was begun in; the page changes after it. */
function speak(busy) {
  if (busy || wished === null) return;
  const chosen = wished;
  wished = null;
  if (chosen !== language()) send('speak', { language: chosen });
}

/** Empties the box once its question stands in the conversation, and notes when it was refused. */
function settle() {
  if (waiting && (state().asked !== waiting.asked || pending())) {
    if (waiting.typed && box().value === waiting.question) box().value = '';
    waiting = null;
    fresh = true;
  } else if (waiting && state().alerts !== waiting.alerts) {
    waiting = null;
  }
}

function nameThePage() {
  const header = document.querySelector('[data-language]').dataset;
  if (!('opened' in state())) return;
  document.documentElement.lang = header.language;
  const pressed = document.activeElement.closest?.('.cb-languages button');
  // On narrow screens only the other language is offered.
  if (pressed && !pressed.checkVisibility()) pressed.parentElement.querySelector('[aria-pressed="false"]').focus();
  document.title = header.title;
  const address = new URL(location.href);
  if (ready && address.searchParams.get('lang') !== header.language) address.searchParams.set('lang', header.language);
  if (state().conversation) address.searchParams.set('conversation', state().conversation);
  else address.searchParams.delete('conversation');
  if (!ready) connection.restore(box());
  ready = true;
  if (address.href !== location.href) history.replaceState(null, '', address);
}

function fit() {
  const area = box();
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight * 0.3)}px`;
  const length = area.value.trim().length;
  const count = length < COUNTED_FROM ? '' : words().count.replace('{count}', length.toLocaleString('en'));
  const line = byId('cb-count');
  if (line.textContent !== count) line.textContent = count; // every change calls for an update
  line.classList.toggle('cb-over', length > LONGEST);
}

/** A new question goes to the top, and stays there while its answer makes room, unless the resident scrolls on. */
function showNewest(busy) {
  const all = document.querySelectorAll('.cb-turn');
  const newest = all[all.length - 1];
  if (!newest) {
    if (shown) scrollTo(0, 0);
    shown = 0;
    return;
  }
  const count = Number(newest.id.replace('turn-', '')) + 1;
  const arrived = fresh || count > shown;
  if (arrived || following) {
    if (all.length === 1) scrollTo(0, 0); // only the page's head stands above it
    else newest.scrollIntoView({ block: 'start' });
  }
  following = busy && (arrived || following);
  // The button that was pressed is gone with what stood there before.
  const lost = document.activeElement === document.body || !document.activeElement.checkVisibility();
  if (fresh && lost) newest.focus({ preventScroll: true });
  fresh = false;
  shown = count;
}

/** Whoever scrolls, with keys or the scroll bar too, is left where they are. */
function letGo({ type, target }) {
  if (type === 'keydown' && target === box()) return;
  if (type === 'mousedown' && target !== document.documentElement) return; // anything but the scroll bar
  following = false;
}

function takeFocus() {
  const target = arriving && byId(arriving);
  if (!target || target.hidden || target.tabIndex !== -1) return;
  target.focus({ preventScroll: true });
  (target.closest('form') || target).scrollIntoView({ block: 'nearest' });
  arriving = null;
}
