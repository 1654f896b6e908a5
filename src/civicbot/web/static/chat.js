// The chat page's script. The server renders every part; this listens to what residents do, tells the server
// (`trigger` is Gradio's) and keeps what is the browser's own: the typed question, focus, scrolling, the address.
import { copyText, printTurn, shareLink } from './sharing.js';
import { checkPreferences, startPreferences } from './preferences.js';
import { startSources } from './sources.js';
import { startConnection } from './connection.js';

const LONGEST = 1000;
const COUNTED_FROM = 900;
const byId = (id) => document.getElementById(id);
const box = () => byId('cb-question');
const words = () => byId('cb-words').dataset;
const state = () => byId('cb-state').dataset;
const pending = () => document.querySelector('.cb-turn.cb-pending') !== null;

const opened = new Set(); // ids of what was opened; a re-rendered part comes back closed
let send = () => {};
let connection = null;
let waiting = null; // { question, typed, asked, alerts } between sending a question and its appearance
let shown = 0;
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
  startPreferences();
  startSources(words);
  connection = startConnection({ words, pending, unsent, refused: onRefused, again: askTyped });
  // What Gradio changes in its own hidden progress display is none of ours.
  const ours = (record) => (record.target.parentElement ?? record.target).closest('.html-container') !== null;
  new MutationObserver((records) => records.some(ours) && update()).observe(byId('cb-page'), { childList: true, subtree: true, characterData: true });
  update();
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
  waiting = { question, typed, asked: state().asked, alerts: state().alerts };
  byId('cb-alert').textContent = '';
  update();
  if (!(await connection.check())) {
    waiting = null;
    update();
    return;
  }
  send('ask', { question });
}

function askTyped() {
  const question = box().value;
  // The button that was pressed gives way to "stop"; the focus stays with the question.
  if (document.activeElement !== box() && !matchMedia('(pointer: coarse)').matches) box().focus();
  ask(question, true);
}

function onRefused() {
  waiting = null;
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
  language: (button) => send('speak', { language: button.dataset.value }),
  again: () => {
    waiting = null;
    opened.clear();
    send('start_again');
    box().focus();
  },
  stop: () => {
    waiting = null;
    send('stop_answer');
    box().focus();
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
  nameThePage();
  for (const button of document.querySelectorAll('[data-toggle]')) {
    const open = opened.has(button.dataset.toggle);
    button.setAttribute('aria-expanded', String(open));
    const target = byId(button.dataset.toggle);
    if (target) target.hidden = !open;
  }
  byId('cb-ask').hidden = busy;
  byId('cb-stop').hidden = !busy;
  byId('cb-again').hidden = document.querySelector('.cb-turn') === null;
  if ('alert' in state()) box().setAttribute('aria-invalid', 'true');
  else box().removeAttribute('aria-invalid');
  checkPreferences();
  connection.watch(pending());
  fit();
  showNewest();
  takeFocus();
}

/** Empties the box once its question stands in the conversation, and notes when it was refused. */
function settle() {
  if (waiting && (state().asked !== waiting.asked || pending())) {
    if (waiting.typed && box().value === waiting.question) box().value = '';
    waiting = null;
  } else if (waiting && state().alerts !== waiting.alerts) {
    waiting = null;
  }
}

function nameThePage() {
  const header = document.querySelector('[data-language]').dataset;
  if (!('opened' in state())) return;
  document.documentElement.lang = header.language;
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

/** A new question goes to the top, where its answer will have room. */
function showNewest() {
  const all = document.querySelectorAll('.cb-turn');
  const newest = all[all.length - 1];
  if (!newest) {
    if (shown) scrollTo(0, 0);
    shown = 0;
    return;
  }
  const count = Number(newest.id.replace('turn-', '')) + 1;
  if (count > shown) {
    newest.scrollIntoView({ block: 'start' });
  }
  shown = count;
}

function takeFocus() {
  const target = arriving && byId(arriving);
  if (!target || target.hidden || target.tabIndex !== -1) return;
  target.focus({ preventScroll: true });
  (target.closest('form') || target).scrollIntoView({ block: 'nearest' });
  arriving = null;
}
