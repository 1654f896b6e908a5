// The assistant on other people's pages: one script tag, one custom element, nothing else in the page.
//
//   <script src="https://BOT/widget.js" data-site="NAME" data-language="auto" data-position="right" async></script>
//
// What it shows comes from the bot's JSON API alone and is put into the page as text, never as markup. It loads one
// small answer (the site's name, language and words) when the page opens, and nothing more until a resident opens it.
(() => {
  'use strict';

  const TAG = 'civicbot-assistant';
  const LONGEST = 1000; // characters of a question
  const COUNTED_FROM = 900;
  const LONGEST_MESSAGE = 2000; // of a comment, or of a message to staff
  const STALLED_MS = 60000; // an answer from which nothing is heard for so long is given up
  const DOUBLE_CLICK_MS = 700; // the second click of a double click on "ask" must not stop the answer
  const TRIES = 4; // for the site's settings, when the server is busy or being started
  const RETRY_SECONDS = 5;
  const TOAST_MS = 6000;
  const STALE_MS = 60000; // settings that are older are asked for anew when the dialog is opened
  const KEYBOARD_PX = 80; // what covers less of a phone's window is no keyboard
  const NARROW = '(max-width: 560px)';
  const COARSE = '(pointer: coarse)';
  const FOR_STAFF = ['partial', 'no_evidence', 'out_of_scope', 'refused', 'paused', 'error'];
  const NOT_RATED = ['clarification', 'paused', 'error'];
  const UNREADABLE = new Set(['invalid_question', 'invalid_request']); // the question must be changed
  const FAREWELL = new Set(['forbidden_origin', 'unknown_site']); // asking again would not help

  const NOT_READY = new Set(['index_missing', 'index_damaged', 'embedder']); // the library is still being loaded

  // ---------------------------------------------------------------- small tools

  /** Makes an element; children are nodes or text, empty ones are left out. */
  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, '');
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child instanceof Node || child));
    return element;
  }

  const button = (kind, content, onclick, more = {}) => h('button', { type: 'button', class: kind, onclick, ...more }, content);

  /** Words that screen readers say and eyes need not. */
  const unseen = (text) => h('span', { class: 'unseen' }, text);

  function icon(path) {
    const namespace = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(namespace, 'svg');
    const line = document.createElementNS(namespace, 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  }

  const ICONS = {
    chat: 'M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5',
    close: 'M6 6l12 12M18 6L6 18',
    copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
    yes: 'M7 11v9H4v-9zM7 11l4-7c2 0 2.500 1.500 2 3l-.8 3H19a1.500 1.500 0 0 1 1.500 2l-2 6.500A2 2 0 0 1 16.600 20H7',
    no: 'M17 13V4h3v9zM17 13l-4 7c-2 0-2.500-1.500-2-3l.8-3H5a1.500 1.500 0 0 1-1.500-2l2-6.500A2 2 0 0 1 7.400 4H17',
  };

  /** Fills `{name}` in a text. */
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  /** The entry of a group of texts, or its `other`; what an object inherits is no entry. */
  const entry = (group, name) => (Object.hasOwn(group, name) ? group[name] : group.other);

  /** The language that a text is most likely in; null when it has no letters of ours. */
  const languageOf = (text) => (/[가-힣]/.test(text) ? 'ko' : /[a-z]/i.test(text) ? 'en' : null);

  /** An address of the web, or null: other schemes (`javascript:`) are never linked. */
  function webAddress(address) {
    try {
      const url = new URL(address);
      return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
    } catch {
      return null;
    }
  }

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // ---------------------------------------------------------------- colours

  // The accent is the site's own; what is written in it or on it is made legible by WCAG's formula of contrast.
  const ACCENT = '#1a50bd';
  const LIGHT = { paper: '#ffffff', ground: '#f4f6f9', end: '#000000', tint: 0.09, least: 4.6 };
  const DARK = { paper: '#1b2129', ground: '#12161c', end: '#ffffff', tint: 0.16, least: 6 };

  const channels = (colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

  function mix(from, to, share) {
    const target = channels(to);
    const mixed = channels(from).map((value, at) => Math.round(value + (target[at] - value) * share));
    return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  }

  function luminance(colour) {
    const [red, green, blue] = channels(colour)
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  }

  /** Black or white, whichever is easier to read on a colour; one of them always has 4.5 : 1. */
  const legibleOn = (colour) => (contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000');

  /** The colour, moved towards an end as little as it takes to stand out from all grounds. */
  function standingOut(colour, grounds, least, end) {
    for (let share = 0; share < 1; share += 0.02) {
      const moved = mix(colour, end, share);
      if (grounds.every((ground) => contrast(moved, ground) >= least)) return moved;
    }
    return end;
  }

  function palette(accent, { paper, ground, end, tint, least }) {
    const soft = mix(paper, accent, tint);
    const link = standingOut(accent, [paper, ground, soft], least, end);
    const area = end === '#000000' ? accent : link; // a dark accent would glare or vanish on dark paper
    const onArea = legibleOn(area);
    return {
      soft,
      link,
      area,
      'on-area': onArea,
      'area-deep': mix(area, onArea === '#ffffff' ? '#000000' : '#ffffff', 0.2),
      'area-edge': standingOut(area, [paper, ground], 3.1, end),
    };
  }

  function accentStyle(accent) {
    const declared = (scheme) =>
      Object.entries(palette(accent, scheme))
        .map(([name, value]) => `--${name}:${value};`)
        .join('');
    return `.root{${declared(LIGHT)}}@media (prefers-color-scheme:dark){.root{${declared(DARK)}}}`;
  }

  const colourOf = (value) => (/^#[0-9a-f]{6}$/i.test(value ?? '') ? value.toLowerCase() : null);

  // ---------------------------------------------------------------- the API

  /** A body as JSON; old libraries of a page (Prototype.js) give all arrays a `toJSON` that makes texts of them. */
  function jsonOf(body) {
    for (const value of Object.values(body)) {
      if (Array.isArray(value)) value.toJSON = undefined;
    }
    return JSON.stringify(body);
  }

  /** Why something did not work: a code of the API, or `lost`, `stopped`, `other`. */
  class Failure extends Error {
    constructor(code, { status = 0, seconds = RETRY_SECONDS } = {}) {
      super(code);
      this.code = code;
      this.status = status;
      this.seconds = seconds;
    }
  }

  /** Whatever was thrown, as a Failure: the network's own errors mean that the connection is lost. */
  const failureOf = (error) => (error instanceof Failure ? error : new Failure('lost'));

  async function refusal(response) {
    const seconds = Number.parseInt(response.headers.get('Retry-After'), 10) || RETRY_SECONDS;
    let code = null;
    try {
      code = (await response.json()).error.code;
    } catch {
      // Not our server's words: a proxy in front of it.
    }
    const usual = { 403: 'forbidden_origin', 429: 'rate_limited' };
    return new Failure(typeof code === 'string' ? code : (usual[response.status] ?? 'other'), {
      status: response.status,
      seconds,
    });
  }

  class Api {
    constructor(bot, site) {
      this.bot = bot;
      this.site = site;
    }

    async #call(path, { accept = 'application/json', body, signal } = {}) {
      const headers = { Accept: accept, 'Civicbot-Site': this.site };
      if (body) headers['Content-Type'] = 'application/json';
      const response = await fetch(`${this.bot}/api/v1/${path}`, {
        method: body ? 'POST' : 'GET',
        headers,
        body: body && jsonOf(body),
        signal,
        mode: 'cors',
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      });
      if (!response.ok) throw await refusal(response);
      return response;
    }

    async #json(path, options) {
      try {
        return await (await this.#call(path, options)).json();
      } catch (error) {
        throw failureOf(error);
      }
    }

    settings(language) {
      return this.#json(`sites/${encodeURIComponent(this.site)}?language=${encodeURIComponent(language)}`);
    }

    conversation(id) {
      return this.#json(`conversations/${encodeURIComponent(id)}`);
    }

    document(id) {
      return this.#json(`documents/${encodeURIComponent(id)}`);
    }

    leave(answer, message) {
      return this.#json('tickets', { body: { answer_id: answer, message } });
    }

    async rate(answer, opinion) {
      try {
        await this.#call(`answers/${encodeURIComponent(answer)}/feedback`, { body: opinion });
      } catch (error) {
        throw failureOf(error);
      }
    }

    /** Asks, and gives the events of the answer as they come; ends with `answer` or throws a Failure. */
    async *ask(question, conversation, stopping) {
      let stalled = null;
      const heard = () => {
        clearTimeout(stalled);
        stalled = setTimeout(() => stopping.abort(new Failure('lost')), STALLED_MS);
      };
      try {
        heard();
        const body = { question, language: null, conversation_id: conversation };
        const response = await this.#call('answers', { accept: 'text/event-stream', body, signal: stopping.signal });
        for await (const { name, data } of eventsOf(response.body, heard)) {
          if (name === 'error') throw new Failure(data?.error?.code ?? 'other');
          yield { name, data };
          if (name === 'answer') return;
        }
        throw new Failure('lost');
      } catch (error) {
        throw stopping.signal.reason ?? failureOf(error); // who stops it says why
      } finally {
        clearTimeout(stalled);
      }
    }
  }

  /** Server-sent events; a chunk may end in the middle of a letter, of a line or of the blank line between events. */
  async function* eventsOf(body, heard) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      heard();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop();
      for (const block of blocks) {
        const event = eventOf(block);
        if (event) yield event;
      }
      if (done) return;
    }
  }

  function eventOf(block) {
    let name = 'message';
    const data = [];
    for (const line of block.split(/\r\n|\n|\r/)) {
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field === 'event') name = value;
      if (field === 'data') data.push(value);
    }
    return data.length ? { name, data: JSON.parse(data.join('\n')) } : null;
  }

  // ---------------------------------------------------------------- what outlives a page

  /** The conversation's id, the chosen language and whether the dialog is open, for this tab; without storage, not. */
  class Memory {
    constructor(key) {
      this.key = key;
      this.kept = {};
      try {
        const kept = JSON.parse(sessionStorage.getItem(key));
        if (kept && typeof kept === 'object') this.kept = kept;
      } catch {
        // Storage is blocked: the conversation lasts as long as the page.
      }
    }

    text(name) {
      return typeof this.kept[name] === 'string' ? this.kept[name] : null;
    }

    keep(values) {
      Object.assign(this.kept, values);
      try {
        sessionStorage.setItem(this.key, JSON.stringify(this.kept));
      } catch {
        // As above.
      }
    }
  }

  // ---------------------------------------------------------------- an answer in words

  /** What an answer's text says before its cited sentences: the whole text when there are none. */
  function leadOf(answer) {
    if (!answer.sentences.length) return answer.text;
    const at = answer.text.indexOf(answer.sentences[0].text);
    return at > 0 ? answer.text.slice(0, at).trim() : '';
  }

  /** The texts of one language and what is made of them alone. */
  class Words {
    constructor(texts, language) {
      this.texts = texts;
      this.language = language;
    }

    date(day) {
      const [year, month, date] = day.split('-').map(Number);
      const { pattern, months } = this.texts.dates;
      return fill(pattern, { year, month: months[month - 1], day: date });
    }

    published(citation) {
      return citation.published ? this.date(citation.published) : this.texts.source.undated;
    }

    asOf(answer) {
      return answer.as_of && fill(this.texts.chat.as_of, { date: this.date(answer.as_of) });
    }

    contact(contact) {
      return contact && fill(this.texts.chat.contact, { contact });
    }

    problem({ code, seconds }) {
      return fill(entry(this.texts.problems, NOT_READY.has(code) ? 'unavailable' : code), { seconds });
    }

    /** What a cited document is: our summary of whom and when, our overview, or a document of the library. */
    kind(kind, citation) {
      const texts = this.texts.source;
      if (kind !== 'source') return Object.hasOwn(texts, kind) ? texts[kind] : '';
      const { publisher, published } = citation;
      if (!publisher) return texts.summary_unnamed;
      if (!published) return fill(texts.summary_unpublished, { publisher });
      return fill(texts.summary, { publisher, date: this.date(published) });
    }

    /** What screen readers are told at the end: the steps between are for the eyes alone. */
    ready(answer) {
      const { ready, ready_plain: plain } = this.texts.live;
      const { sentences, citations } = answer;
      return sentences.length ? fill(ready, { sentences: sentences.length, sources: citations.length }) : plain;
    }

    /** A question and its answer as plain text: with its label, its date and its sources. */
    copy(question, answer, address) {
      const { chat, actions, notices } = this.texts;
      const said = answer.sentences.map((one) => `${one.text} ${one.citations.map((n) => `[${n}]`).join('')}`);
      const source = (one) => [one.title, one.publisher, this.published(one), webAddress(one.url)].filter(Boolean);
      return [
        `${chat.you}: ${question}`,
        '',
        `${chat.answer}: ${[leadOf(answer), ...said].filter(Boolean).join(' ')}`,
        ...answer.notices.map((one) => `* ${notices[one.kind] ?? ''}: ${one.text}`),
        ...[this.contact(answer.contact), this.asOf(answer)].filter(Boolean),
        ...(answer.citations.length ? ['', chat.sources] : []),
        ...answer.citations.map((one) => fill(actions.source_line, { number: one.number, parts: source(one).join(', ') })),
        '',
        actions.ai_label,
        fill(actions.address, { address }),
      ].join('\n');
    }
  }

  // ---------------------------------------------------------------- one question and its answer

  let turns = 0;

  /** A question, its answer as far as it has come, and their part of the page. */
  class Turn {
    constructor(chat, question, { answer = null, helpful = null, left = false } = {}) {
      this.chat = chat;
      this.question = question;
      this.id = `turn-${(turns += 1)}`;
      this.stage = 'other';
      this.sentences = [];
      this.citations = new Map();
      this.failure = null;
      this.note = null;
      this.helpful = helpful;
      this.told = helpful !== null;
      this.ticket = null;
      this.left = left; // for staff, before this page was opened: the ticket's code is not shown again
      this.answer = null;
      if (answer) this.take(answer);
    }

    get pending() {
      return !this.answer && !this.failure;
    }

    get recorded() {
      return this.answer !== null && this.answer.notices.every((one) => one.kind !== 'not_recorded');
    }

    take(answer) {
      this.answer = answer;
      this.sentences = answer.sentences;
      for (const one of answer.citations) this.citations.set(one.number, one);
    }

    // ---- drawing

    draw() {
      const { texts } = this.chat.words;
      this.asked = h('p', { lang: languageOf(this.question) }, this.question);
      this.text = h('div', { class: 'text' });
      this.said = h('p');
      this.stageText = h('span');
      this.wait = h('p', { class: 'wait', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'), this.stageText);
      this.after = h('div', { class: 'after' });
      this.heading = h('h3', { class: 'who by-ai', tabindex: '-1' }, texts.chat.answer);
      this.article = h(
        'article',
        { class: 'turn', 'aria-labelledby': this.id },
        this.note && h('p', { class: 'note', role: 'note' }, texts.widget[this.note]),
        h('div', { class: 'question' }, h('h3', { class: 'who', id: this.id }, texts.chat.you), this.asked),
        h('div', { class: 'answer' }, this.heading, this.text, this.wait, this.after),
      );
      this.text.append(this.said);
      for (const sentence of this.sentences) this.say(sentence);
      this.refresh();
      return this.article;
    }

    /** Adds a sentence with its numbered citations. */
    say({ text, citations }) {
      const marks = citations.flatMap((number) => {
        const citation = this.citations.get(number);
        return citation ? ['\u00a0', this.#mark(citation)] : [];
      });
      if (this.said.childNodes.length) this.said.append(' ');
      this.said.append(h('span', { class: 'sentence' }, text, marks));
    }

    #mark(citation) {
      const { source } = this.chat.words.texts;
      const more = { 'aria-haspopup': 'dialog', 'aria-label': fill(source.open, citation) };
      return button('cite', `[${citation.number}]`, () => this.chat.showSource(citation), more);
    }

    /** Brings everything but the sentences up to what is known now. */
    refresh() {
      const { texts } = this.chat.words;
      this.article.toggleAttribute('aria-busy', false);
      if (this.pending) this.article.setAttribute('aria-busy', 'true');
      this.asked.textContent = this.question;
      this.stageText.textContent = entry(texts.stages, this.stage);
      this.wait.hidden = !this.pending || this.sentences.length > 0;
      this.said.hidden = Boolean(this.failure) || !this.sentences.length;
      if (this.answer) this.#finish();
      else this.after.replaceChildren(...(this.failure ? this.#problem() : []));
    }

    #finish() {
      const { answer } = this;
      this.text.setAttribute('lang', answer.language);
      if (this.said.childElementCount !== this.sentences.length) {
        this.said.replaceChildren();
        for (const sentence of this.sentences) this.say(sentence);
      }
      const lead = leadOf(answer);
      if (lead) this.text.replaceChildren(h('p', {}, lead), this.said);
      this.after.replaceChildren(...this.#afterwards());
    }

    #problem() {
      const { failure, chat } = this;
      const stopped = failure.code === 'stopped';
      return [
        h('p', { class: 'problem' }, chat.words.problem(failure)),
        !stopped && chat.config.contact ? h('p', { class: 'contact' }, chat.words.contact(chat.config.contact)) : '',
        h('p', { class: 'links' }, this.#wayOn()),
      ].filter(Boolean);
    }

    #wayOn() {
      const { code } = this.failure;
      const { words, language } = this.chat;
      const { actions, widget } = words.texts;
      if (FAREWELL.has(code)) return this.chat.outward(`/?lang=${language}`, widget.question_page, 'button primary');
      if (UNREADABLE.has(code)) return button('button', widget.edit, () => this.chat.edit(this));
      return button('button', actions.retry, () => this.chat.again(this));
    }

    #afterwards() {
      const { answer, chat } = this;
      const { words } = chat;
      const { texts } = words;
      const newest = chat.turns.at(-1) === this;
      const contact = answer.contact && !answer.text.includes(answer.contact) ? words.contact(answer.contact) : null;
      const asOf = words.asOf(answer);
      this.rating = h('div', { class: 'slot' });
      this.leaving = h('div', { class: 'slot' });
      this.#drawRating();
      return [
        ...answer.notices.map((one) => this.#notice(one)),
        contact && h('p', { class: 'contact' }, contact),
        asOf && h('p', { class: 'as-of' }, asOf),
        answer.citations.length > 0 && this.#sources(),
        newest && this.#questions(texts.chat.choices, answer.choices),
        h('p', { class: 'ai-label' }, texts.actions.ai_label),
        this.#actions(),
        this.rating,
        this.leaving,
        newest && this.#questions(texts.chat.suggestions, answer.suggestions),
      ].filter(Boolean);
    }

    #questions(title, all) {
      return all.length > 0 && this.chat.questions(title, all, this.answer.language);
    }

    #notice({ kind, text }) {
      const name = entry({ other: '', ...this.chat.words.texts.notices }, kind);
      const strong = name ? [h('strong', {}, name), ' '] : [];
      const said = h('span', { lang: this.answer.language }, text);
      return h('p', { class: kind === 'staff_checked' ? 'notice good' : 'notice' }, strong, said);
    }

    #sources() {
      const title = h('h4', {}, this.chat.words.texts.chat.sources);
      const items = this.answer.citations.map((one) => h('li', {}, this.#source(one)));
      return h('div', { class: 'part' }, title, h('ul', { class: 'sources' }, items));
    }

    #source(citation) {
      const { title, publisher, language, number } = citation;
      const by = publisher ? [h('span', { lang: language }, publisher), ' · '] : [];
      const named = h('span', { class: 'source-title', lang: language }, title);
      const meta = h('span', { class: 'meta' }, by, this.chat.words.published(citation));
      const content = [h('span', { class: 'number' }, `[${number}]`), ' ', h('span', {}, named, ' ', meta)];
      return button('source-line', content, () => this.chat.showSource(citation), { 'aria-haspopup': 'dialog' });
    }

    #actions() {
      const { actions, feedback } = this.chat.words.texts;
      const tool = (path, text, onclick) => button('tool', [icon(path), h('span', {}, text)], onclick);
      const copy = tool(ICONS.copy, actions.copy_answer, () => this.chat.copy(this.copied(), actions.copied));
      this.asking = h(
        'span',
        { class: 'rating', role: 'group', 'aria-label': feedback.ask },
        h('span', { 'aria-hidden': 'true' }, feedback.ask),
        tool(ICONS.yes, feedback.helpful, () => this.#rate({ helpful: true })),
        tool(ICONS.no, feedback.unhelpful, () => this.#rate({ helpful: false })),
      );
      this.asking.hidden = !this.#rated || this.helpful !== null;
      return h('div', { class: 'tools', role: 'group', 'aria-label': actions.label }, copy, this.asking);
    }

    copied() {
      const { bot } = this.chat.api;
      return this.chat.words.copy(this.question, this.answer, `${bot}/shared/${encodeURIComponent(this.answer.id)}`);
    }

    // ---- what residents say about it

    get #rated() {
      return this.recorded && !NOT_RATED.includes(this.answer.status);
    }

    async #rate(opinion) {
      const second = this.helpful === false;
      if (this.sending) return;
      this.sending = true;
      let failure = null;
      try {
        await this.chat.api.rate(this.answer.id, { reasons: [], comment: null, ...opinion });
        this.helpful = opinion.helpful;
        this.told = opinion.helpful || second; // a second no comes with the reasons, or says that there are none
      } catch (error) {
        failure = failureOf(error);
      }
      this.sending = false;
      if (this.asking) this.asking.hidden = this.helpful !== null;
      this.#drawRating(failure, opinion);
      const target = this.rating.querySelector('[tabindex]');
      if (target) this.chat.focusOn(target);
    }

    /** Thanks, or asks what was wrong; what was typed stays when it could not be sent. */
    #drawRating(failure = null, typed = {}) {
      const { feedback } = this.chat.words.texts;
      const problem = failure && this.#unsent(failure);
      const parts = [problem];
      if (this.told) parts.push(h('p', { class: 'thanks', tabindex: '-1' }, feedback.thanks));
      else if (this.helpful === false) parts.push(this.#reasons(typed));
      this.rating.replaceChildren(...parts.filter(Boolean));
      this.#drawLeaving();
    }

    #unsent(failure) {
      const shown = failure.code === 'lost' ? new Failure('not_sent') : failure;
      return h('p', { class: 'problem', role: 'alert' }, this.chat.words.problem(shown));
    }

    #reasons({ reasons = [], comment = '' }) {
      const { feedback } = this.chat.words.texts;
      const chip = ([code, text]) =>
        h('label', {}, h('input', { type: 'checkbox', value: code, checked: reasons.includes(code) }), h('span', {}, text));
      const chips = Object.entries(feedback.reasons).map(chip);
      const field = this.#field('comment', feedback.comment, comment ?? '');
      const onsubmit = (event) => {
        event.preventDefault();
        const chosen = [...event.target.querySelectorAll('input:checked')].map((one) => one.value);
        this.#rate({ helpful: false, reasons: chosen, comment: field.value() });
      };
      return h(
        'form',
        { class: 'form', onsubmit },
        h('p', { class: 'thanks', tabindex: '-1' }, feedback.noted),
        h('fieldset', {}, h('legend', {}, feedback.why), h('div', { class: 'chips' }, chips)),
        field.parts,
        h('button', { type: 'submit', class: 'button' }, feedback.send),
      );
    }

    /** A labelled field for a few words, with the hint to leave personal details out. */
    #field(name, label, typed) {
      const id = `${this.id}-${name}`;
      const area = h('textarea', { id, rows: '2', maxlength: LONGEST_MESSAGE, 'aria-describedby': `${id}-hint` });
      area.value = typed;
      const hint = h('p', { class: 'hint', id: `${id}-hint` }, this.chat.words.texts.feedback.hint);
      const parts = [h('label', { class: 'field', for: id }, label), area, hint];
      return { area, parts, value: () => area.value.trim() || null };
    }

    // ---- leaving the question for staff

    #drawLeaving() {
      const possible = this.recorded && (FOR_STAFF.includes(this.answer.status) || this.helpful === false);
      if (this.leaving.childElementCount && !this.ticket) return; // somebody may be writing there
      if (possible) this.leaving.replaceChildren(this.ticket ? this.#ticket() : this.#offer());
    }

    #offer() {
      const { leave } = this.chat.words.texts;
      const id = `${this.id}-leave`;
      const field = this.#field('message', leave.message, '');
      const problem = h('div');
      const question = h('span', { lang: languageOf(this.question) }, this.question);
      const onsubmit = (event) => {
        event.preventDefault();
        this.#leave(field, problem);
      };
      const form = h(
        'form',
        { class: 'form', id, onsubmit, hidden: true },
        h('p', {}, leave.about),
        h('p', { class: 'quoted' }, h('strong', {}, leave.question), ' ', question),
        field.parts,
        problem,
        h('button', { type: 'submit', class: 'button primary' }, leave.send),
      );
      const open = () => {
        form.hidden = !form.hidden;
        toggle.setAttribute('aria-expanded', String(!form.hidden));
        if (!form.hidden) this.chat.focusOn(field.area);
      };
      const toggle = button('button', leave.offer, open, { 'aria-expanded': 'false', 'aria-controls': id });
      return h('div', { class: 'part' }, this.left && h('p', { class: 'already' }, leave.already), toggle, form);
    }

    async #leave(field, problem) {
      if (this.sending) return;
      this.sending = true;
      problem.replaceChildren();
      try {
        this.ticket = await this.chat.api.leave(this.answer.id, field.value());
        this.#drawLeaving();
        this.chat.focusOn(this.leaving.querySelector('[tabindex]'));
      } catch (error) {
        problem.append(this.#unsent(failureOf(error)));
      }
      this.sending = false;
    }

    #ticket() {
      const { leave } = this.chat.words.texts;
      const { code } = this.ticket;
      const path = `/t/${encodeURIComponent(code)}`;
      const copy = button('button', leave.copy_code, () => this.chat.copy(code, leave.copied));
      return h(
        'div',
        { class: 'part ticket' },
        h('h4', { tabindex: '-1' }, leave.done),
        h('p', { class: 'code' }, h('span', {}, leave.code), ' ', this.chat.outward(path, code, '')),
        h('p', {}, leave.keep),
        h('p', { class: 'links' }, this.chat.outward(path, leave.page, 'button primary'), copy),
      );
    }
  }

  // ---------------------------------------------------------------- the parts around a conversation

  /** The box for a question, with what is said beside it. */
  class Composer {
    constructor(words, { ask, stop, again }) {
      const { chat, composer } = words.texts;
      this.words = words;
      this.ask = ask;
      this.asked = 0;
      this.box = h('textarea', {
        id: 'question',
        rows: '1',
        placeholder: chat.placeholder,
        'aria-describedby': 'keys count alert',
        autocomplete: 'off',
        enterkeyhint: 'send',
        oninput: () => this.fit(),
        onkeydown: (event) => this.#key(event),
      });
      this.send = h('button', { type: 'submit', class: 'button primary' }, chat.ask);
      this.stop = button('button', composer.stop, () => this.#late && stop());
      this.again = button('button small', chat.again, again);
      this.count = h('p', { class: 'count', id: 'count' });
      this.alert = h('p', { class: 'alert', id: 'alert', role: 'alert' });
      this.element = h(
        'form',
        { class: 'dock', onsubmit: (event) => this.#submit(event) },
        h('div', { class: 'above' }, h('label', { for: 'question' }, chat.question), this.again),
        h('div', { class: 'box' }, this.box, this.send, this.stop),
        this.count,
        h('p', { class: 'unseen', id: 'keys' }, composer.keys),
        this.alert,
        h('p', { class: 'fine' }, composer.note),
      );
    }

    /** Shows what can be done now. */
    update(busy, begun) {
      if (busy && this.stop.hidden) this.asked = performance.now();
      this.send.hidden = busy;
      this.stop.hidden = !busy;
      this.again.hidden = !begun;
      this.fit();
    }

    get #late() {
      return performance.now() - this.asked > DOUBLE_CLICK_MS;
    }

    fit() {
      const { box, count } = this;
      box.style.height = 'auto';
      box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`;
      const length = box.value.trim().length;
      const text = fill(this.words.texts.composer.count, { count: length.toLocaleString('en') });
      count.textContent = length < COUNTED_FROM ? '' : text;
      count.classList.toggle('over', length > LONGEST);
    }

    #key(event) {
      // While Korean is being composed, Enter only ends the syllable.
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) this.#submit(event);
    }

    #submit(event) {
      event.preventDefault();
      if (this.send.hidden) return;
      const question = this.box.value.trim();
      const complaint = question ? (question.length > LONGEST ? 'too_long' : null) : 'empty';
      this.complain(complaint);
      if (complaint) {
        this.box.focus();
        return;
      }
      this.box.value = '';
      this.ask(question);
    }

    complain(code) {
      this.alert.textContent = code ? this.words.texts.problems[code] : '';
      if (code) this.box.setAttribute('aria-invalid', 'true');
      else this.box.removeAttribute('aria-invalid');
    }

    put(text) {
      this.box.value = text;
      this.fit();
    }
  }

  /** A dialog of its own with one source: what is quoted, and where it stands. */
  class Sheet {
    constructor(chat) {
      this.chat = chat;
      this.element = closingOutside(h('dialog', { class: 'sheet', 'aria-labelledby': 'source-title' }));
    }

    show(citation) {
      const { source } = this.chat.words.texts;
      const label = h('p', { class: 'label' }, '\u00a0');
      const card = h(
        'div',
        { class: 'card' },
        this.#bar(source, citation),
        h('h3', { class: 'card-title', id: 'source-title', lang: citation.language }, citation.title),
        label,
        h('h4', {}, source.quote),
        h('blockquote', { lang: citation.language }, h('mark', {}, citation.quote)),
        this.#facts(source, citation),
        this.#links(source, citation),
      );
      this.element.replaceChildren(card);
      this.element.showModal(); // takes the focus, keeps it, and gives it back
      this.#nameKind(citation, label);
    }

    #bar(texts, citation) {
      const close = closeButton(texts.close, () => this.element.close());
      return h('div', { class: 'bar' }, h('p', { class: 'card-number' }, fill(texts.heading, citation)), close);
    }

    #facts(texts, citation) {
      const { words, language } = this.chat;
      const row = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
      const foreign = citation.language === language ? '' : ` · ${texts[`language_${citation.language}`] ?? ''}`;
      return h(
        'dl',
        {},
        citation.publisher && row(texts.publisher, h('span', { lang: citation.language }, citation.publisher)),
        row(texts.published, words.published(citation), foreign),
      );
    }

    #links(texts, citation) {
      const [id, quote] = [citation.document_id, citation.quote].map(encodeURIComponent);
      const href = webAddress(citation.url);
      const attributes = { class: 'button', href, target: '_blank', rel: 'noopener noreferrer' };
      return h(
        'p',
        { class: 'links' },
        this.chat.outward(`/documents/${id}?quote=${quote}#quote`, texts.in_document, 'button primary'),
        href && h('a', attributes, texts.original, unseen(` ${texts.new_tab}`)),
      );
    }

    /** Says what the document is, which only the document itself tells. */
    async #nameKind(citation, label) {
      try {
        const { kind } = await this.chat.api.document(citation.document_id);
        label.textContent = this.chat.words.kind(kind, citation);
      } catch {
        label.textContent = '';
      }
      label.hidden = !label.textContent;
    }
  }

  /** The launcher in a corner of the page, and the dialog that it opens. */
  class Shell {
    constructor(words, memory, { shown, focus }) {
      this.memory = memory;
      this.shown = shown;
      this.focus = focus;
      this.hint = h('span', { class: 'unseen', role: 'status' });
      const content = [icon(ICONS.chat), h('span', {}, words.texts.widget.launcher)];
      this.launcher = button('launcher', content, () => this.open(), { 'aria-haspopup': 'dialog' });
      // In the top layer neither the page's z-index nor its transforms matter.
      this.corner = h('div', { class: 'corner', popover: 'manual' }, this.launcher, this.hint);
      this.dialog = h('dialog', {
        class: 'panel',
        'aria-labelledby': 'title',
        onclose: () => this.#closed(),
        onfocusin: (event) => this.#engage(event),
      });
      closingOutside(this.dialog);
      this.modal = false;
    }

    get isOpen() {
      return this.dialog.open;
    }

    /** Says something to those who have closed the dialog meanwhile. */
    tell(text, finished) {
      this.hint.textContent = this.isOpen ? '' : text;
      this.launcher.classList.toggle('news', finished && !this.isOpen);
    }

    /** Shows what belongs into the page, also after a page's script took it out and it was put back. */
    attach() {
      const { open } = this.dialog; // a dialog that is taken out of the page stays open, but is modal no more
      this.#showLauncher();
      if (open) this.show(false);
    }

    /** Opens again what was open on the page before, without taking the focus from this one. */
    reopen() {
      if (!this.memory.kept.open) return;
      const [visit] = performance.getEntriesByType('navigation');
      if (!matchMedia(NARROW).matches) this.show(false);
      else if (visit?.type === 'reload') this.open(); // a phone's new page would be hidden by it
    }

    open() {
      this.show(true);
      this.focus();
    }

    /** Without `modal` the page stays usable and keeps its focus. */
    show(modal) {
      this.modal = modal;
      this.corner.hidden = true;
      this.launcher.classList.remove('news');
      if (modal) this.dialog.showModal();
      else this.dialog.setAttribute('open', '');
      this.memory.keep({ open: true });
      this.#track('addEventListener');
      this.shown();
    }

    /** Whoever moves into a dialog that was left open is in it: from then on it is like one they opened. */
    #engage(event) {
      if (this.modal || !this.isOpen) return;
      this.modal = true;
      const [target] = event.composedPath();
      this.dialog.removeAttribute('open');
      this.dialog.showModal();
      target.focus({ preventScroll: true });
    }

    #closed() {
      if (this.isOpen) return;
      this.memory.keep({ open: false });
      this.#track('removeEventListener');
      this.#showLauncher();
      this.launcher.focus();
    }

    #showLauncher() {
      const { corner } = this;
      corner.hidden = false;
      if (corner.isConnected && corner.showPopover && !corner.matches(':popover-open')) corner.showPopover();
    }

    #track(change) {
      if (!window.visualViewport) return;
      for (const type of ['resize', 'scroll']) visualViewport[change](type, this.#fitKeyboard);
      this.#fitKeyboard();
    }

    /** On phones the dialog ends where the keyboard begins, which only the visual viewport tells. */
    #fitKeyboard = () => {
      const { height, offsetTop, scale } = visualViewport;
      const covered = matchMedia(NARROW).matches && scale < 1.05 && height < innerHeight - KEYBOARD_PX;
      this.dialog.style.height = covered ? `${height}px` : '';
      this.dialog.style.top = covered ? `${offsetTop}px` : '';
    };
  }

  const closeButton = (text, onclick) => button('tool close', [icon(ICONS.close), h('span', {}, text)], onclick);

  /** Lets a dialog be closed by a click beside it; one that ends there, as when text is marked, is none. */
  function closingOutside(dialog) {
    let began = false;
    dialog.addEventListener('pointerdown', (event) => (began = event.target === dialog));
    dialog.addEventListener('click', (event) => began && event.target === dialog && dialog.close());
    return dialog;
  }

  /** Puts a text on the clipboard; without https, or in a frame, browsers offer the old way only. */
  async function copied(text, home) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const focused = home.getRootNode().activeElement;
      const area = h('textarea', { class: 'unseen', readonly: true });
      area.value = text;
      home.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      focused?.focus();
      return done;
    }
  }

  // ---------------------------------------------------------------- the conversation

  class Chat {
    constructor(shadow, settings) {
      this.settings = settings;
      this.api = new Api(settings.bot, settings.site);
      this.memory = new Memory(`civicbot:${settings.bot}:${settings.site}`);
      this.shadow = shadow;
      this.root = h('div', { class: settings.page ? 'root page' : 'root' });
      this.root.classList.toggle('at-left', settings.left);
      // A page's own shortcuts ("s" for search) must not fire while somebody types here.
      for (const type of ['keydown', 'keypress', 'keyup']) {
        this.root.addEventListener(type, (event) => event.stopPropagation());
      }
      shadow.append(this.root);
      this.turns = [];
      this.conversation = this.memory.text('conversation');
      this.loading = false;
      this.running = null; // stops the answer that is being made
      this.note = null; // a message above the conversation, a key of the texts' `problems`
      this.shell = null; // none in a frame, which the conversation fills
    }

    get language() {
      return this.config.language;
    }

    get isOpen() {
      return this.shell === null || this.shell.isOpen;
    }

    // ---- starting

    /** Asks the server who we are; false when nothing is to be shown. */
    async begin() {
      try {
        this.#settle(await this.#settings(this.memory.text('language') ?? this.settings.language));
      } catch (error) {
        console.warn(`Civicbot: nothing is shown, since ${this.#whyNot(failureOf(error))}.`);
        return false;
      }
      const accent = this.settings.accent ?? colourOf(this.config.accent) ?? ACCENT;
      this.shadow.adoptedStyleSheets = [styleSheet(accentStyle(accent)), styleSheet(STYLE)];
      this.#build();
      return true;
    }

    #whyNot({ code }) {
      const { bot, site } = this.settings;
      const { origin } = location;
      if (code === 'lost') return `${bot} cannot be reached, or no site is registered there for ${origin}`;
      return `the site "${site}" is not registered for ${origin}, or switched off (${code})`;
    }

    async #settings(language) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await this.api.settings(language);
        } catch (error) {
          const passing = error.status === 429 || error.status >= 500;
          if (!passing || tries === TRIES) throw error;
          await pause(error.seconds * 1000);
        }
      }
    }

    #settle(config) {
      this.config = config;
      this.settled = performance.now();
      this.words = new Words(config.texts, config.language);
      this.root.lang = config.language;
    }

    /** Shows what belongs into the page. */
    attach() {
      this.shell?.attach();
      if (this.config && !this.shell) this.#restore();
    }

    reopen() {
      this.shell?.reopen();
    }

    // ---- building

    #build() {
      const { page } = this.settings;
      const { chat } = this.words.texts;
      this.title = h(page ? 'h1' : 'h2', { class: 'title', id: 'title', tabindex: '-1' }, this.config.title);
      this.log = h('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': chat.conversation, tabindex: '0' });
      this.status = h('p', { class: 'unseen', role: 'status' });
      this.toast = h('p', { class: 'toast', role: 'status' });
      this.composer = new Composer(this.words, {
        ask: (question) => this.ask(question),
        stop: () => this.running?.abort(new Failure('stopped')),
        again: () => this.startAgain(),
      });
      this.sheet = new Sheet(this);
      const on = { shown: () => this.#opened(), focus: () => this.#focusFirst() };
      this.shell = page ? null : new Shell(this.words, this.memory, on);
      this.frame = this.shell ? this.shell.dialog : h('main', { class: 'panel', 'aria-labelledby': 'title' });
      this.frame.append(this.#bar(), this.log, this.composer.element, this.status, this.toast);
      for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
        this.log.addEventListener(type, () => (this.following = false), { passive: true });
      }
      this.root.replaceChildren(...(this.shell ? [this.shell.corner] : []), this.frame, this.sheet.element);
      this.#draw();
    }

    #bar() {
      const { navigation, source } = this.words.texts;
      const other = this.config.languages.find((one) => one !== this.language);
      return h(
        'div',
        { class: 'bar' },
        this.title,
        other && button('tool', navigation.other_language, () => this.speak(other), { lang: other }),
        this.shell && closeButton(source.close, () => this.shell.dialog.close()),
      );
    }

    /** Draws all that is in the conversation: an opening, or questions and answers. */
    #draw() {
      const empty = !this.turns.length && !this.loading;
      const parts = [this.note && this.#noteAbove(), this.loading && this.#loadingLine(), empty && this.#opening()];
      this.log.replaceChildren(...parts.filter(Boolean), ...this.turns.map((turn) => turn.draw()), this.#foot());
      if (empty) this.frame.setAttribute('aria-describedby', 'notice');
      else this.frame.removeAttribute('aria-describedby');
      this.#update();
    }

    #noteAbove() {
      const { problems, widget } = this.words.texts;
      const way = this.note === 'conversation_unreadable' && button('button', widget.load_again, () => this.#restore());
      return h('div', { class: 'note', role: 'note' }, h('p', {}, entry(problems, this.note)), way);
    }

    #loadingLine() {
      return h('p', { class: 'wait' }, h('i'), h('i'), h('i'), h('span', {}, this.words.texts.widget.loading));
    }

    #opening() {
      const { page, chat, home } = this.words.texts;
      const { greeting, examples, newest, paused } = this.config;
      const notice = { class: 'ai', id: 'notice', role: 'note' };
      return h(
        'div',
        { class: 'opening' },
        paused && this.#paused(paused),
        h('p', { class: 'greeting' }, greeting),
        h('div', notice, h('strong', {}, page.ai_notice_title), h('p', {}, page.ai_notice)),
        examples.length > 0 && this.questions(chat.examples, examples, this.language, 'h3'),
        newest && h('p', { class: 'quiet' }, fill(home.newest, { date: this.words.date(newest) })),
      );
    }

    #paused(why) {
      const strong = h('strong', {}, this.words.texts.widget.paused);
      const contact = this.words.contact(this.config.contact);
      return h('div', { class: 'note', role: 'note' }, strong, h('p', {}, why), contact && h('p', {}, contact));
    }

    #foot() {
      const { navigation, widget } = this.words.texts;
      const query = `?lang=${this.language}`;
      const id = this.conversation && this.turns.length ? `&conversation=${encodeURIComponent(this.conversation)}` : '';
      this.foot = h(
        'nav',
        { class: 'foot', 'aria-label': navigation.pages },
        this.outward(`/about${query}`, navigation.about, ''),
        this.outward(`/how-it-works${query}`, navigation.how, ''),
        this.outward(`/privacy${query}`, navigation.privacy, ''),
        this.outward(`/${query}${id}`, widget.full, ''),
      );
      return this.foot;
    }

    /** A list of questions that are asked when they are pressed. */
    questions(title, all, language, heading = 'h4') {
      const chip = (text) => h('li', {}, button('chip', text, () => this.ask(text), { lang: language }));
      return h('div', { class: 'part next' }, h(heading, {}, title), h('ul', {}, all.map(chip)));
    }

    /** A link to a page of the bot in a new tab. */
    outward(path, text, kind) {
      const attributes = { class: kind || null, href: webAddress(this.api.bot + path), target: '_blank', rel: 'noopener' };
      return h('a', attributes, text, unseen(` ${this.words.texts.source.new_tab}`));
    }

    // ---- after every change

    #update() {
      this.composer.update(this.running !== null, this.turns.length > 0);
    }

    /** Keeps the newest question at the top, where its answer has room, until the resident scrolls. */
    #follow() {
      const newest = this.turns.at(-1);
      if (!this.following || !newest?.article) return;
      const scroller = this.log.scrollHeight > this.log.clientHeight ? this.log : this.frame;
      scroller.scrollTop += newest.article.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    }

    /** Only the start and the end of an answer are said, politely. */
    #say(text, finished = false) {
      this.status.textContent = text;
      this.shell?.tell(text, finished);
    }

    focusOn(element) {
      element?.focus({ preventScroll: true });
      (element?.closest('form') ?? element)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }

    /** Where a keyboard begins: the box; on a phone not, since its own keyboard would hide everything else. */
    #focusFirst() {
      (matchMedia(COARSE).matches ? this.title : this.composer.box).focus();
    }

    /** Where a keyboard goes on while an answer is made. */
    #focusWhileWaiting() {
      const { stop, box } = this.composer;
      if (matchMedia(COARSE).matches) stop.focus({ preventScroll: true });
      else if (this.shadow.activeElement !== box) box.focus({ preventScroll: true });
    }

    // ---- asking

    async ask(question) {
      if (this.running) return;
      this.composer.complain(null);
      this.note = null;
      const turn = new Turn(this, question);
      this.turns.push(turn);
      this.running = new AbortController();
      this.#showAsked(turn);
      try {
        await this.#receive(turn, this.running);
      } catch (error) {
        turn.failure = failureOf(error);
      }
      if (this.turns.at(-1) === turn) await this.#finish(turn);
    }

    #showAsked(turn) {
      if (this.turns.length === 1) {
        this.#draw();
      } else {
        // Only the newest answer offers what could be asked next.
        for (const part of this.log.querySelectorAll('.turn .next, .log > .note')) part.remove();
        this.foot.before(turn.draw());
        this.#update();
      }
      this.following = true;
      this.#follow();
      this.#focusWhileWaiting();
      this.#say(this.words.texts.live.working);
    }

    async #receive(turn, stopping) {
      const { conversation } = this;
      try {
        for await (const { name, data } of this.api.ask(turn.question, conversation, stopping)) {
          if (stopping.signal.aborted) throw stopping.signal.reason;
          this.#take(turn, name, data);
        }
      } catch (error) {
        if (error.code !== 'unknown_conversation' || !conversation) throw error;
        // The server forgot it, after its time: what was asked is answered all the same, and that is said.
        if (this.conversation === conversation) this.#remember(null);
        turn.note = 'new_conversation';
        turn.article.replaceWith(turn.draw());
        await this.#receive(turn, stopping);
      }
    }

    #take(turn, name, data) {
      if (name === 'status') turn.stage = data.stage;
      if (name === 'sentence') {
        for (const one of data.new_citations) turn.citations.set(one.number, one);
        turn.sentences = [...turn.sentences, data];
        turn.say(data);
      }
      if (name === 'answer') turn.take(data);
      else turn.refresh();
      this.#follow();
    }

    async #finish(turn) {
      if (turn.answer?.notices.some((one) => one.kind === 'masked')) turn.question = await this.#kept(turn);
      if (this.turns.at(-1) !== turn) return; // a new conversation was started meanwhile
      if (turn.answer) this.#remember(turn.answer.conversation_id);
      const stopFocused = this.shadow.activeElement === this.composer.stop;
      this.running = null;
      turn.refresh();
      this.foot.replaceWith(this.#foot());
      this.#update();
      this.#follow();
      this.#say(turn.answer ? this.words.ready(turn.answer) : this.words.problem(turn.failure), true);
      if (stopFocused) (matchMedia(COARSE).matches ? turn.heading : this.composer.box).focus({ preventScroll: true });
    }

    /** The question as it is kept, with personal details masked: no more of it is shown than that. */
    async #kept(turn) {
      try {
        const { turns: kept } = await this.api.conversation(turn.answer.conversation_id);
        const same = kept.find((one) => one.answer.id === turn.answer.id);
        if (same) return same.question;
      } catch {
        // Below.
      }
      return this.words.texts.widget.hidden_question;
    }

    /** Asks again what had no answer; the failed turn gives way. */
    again(turn) {
      if (this.running) return;
      this.#drop(turn);
      this.ask(turn.question);
    }

    /** Puts a question that could not be read back into the box. */
    edit(turn) {
      if (this.running) return;
      this.#drop(turn);
      this.#draw();
      this.composer.put(turn.question);
      this.composer.box.focus();
    }

    #drop(turn) {
      turn.article.remove();
      this.turns = this.turns.filter((one) => one !== turn);
    }

    // ---- the conversation over time

    #remember(id) {
      this.conversation = id;
      this.memory.keep({ conversation: id });
    }

    startAgain() {
      const { running } = this;
      this.turns = [];
      this.running = null;
      running?.abort(new Failure('stopped'));
      this.note = null;
      this.#remember(null);
      this.#draw();
      this.log.scrollTop = 0;
      this.#say(this.words.texts.chat.started);
      this.#focusFirst();
    }

    #opened() {
      this.composer.fit();
      this.#restore();
      this.#refresh();
    }

    /** On a page that has been open for long, what stands in the opening may have changed: a pause, the newest date. */
    async #refresh() {
      if (this.turns.length || this.loading || performance.now() - this.settled < STALE_MS) return;
      try {
        this.#settle(await this.api.settings(this.language));
      } catch {
        return; // a question will tell why
      }
      const opening = this.log.querySelector('.opening');
      if (opening && !opening.contains(this.shadow.activeElement)) opening.replaceWith(this.#opening());
    }

    /** Loads the conversation of the page before; once it is there, or known to be gone, not again. */
    async #restore() {
      if (!this.conversation || this.turns.length || this.loading) return;
      this.loading = true;
      this.note = null;
      this.#draw();
      try {
        const { turns: kept } = await this.api.conversation(this.conversation);
        if (!this.turns.length) this.turns = kept.map(({ question, ...rest }) => new Turn(this, question, rest));
      } catch (error) {
        const gone = error.status === 404;
        if (gone) this.#remember(null);
        this.note = gone ? 'conversation_gone' : 'conversation_unreadable';
      }
      this.loading = false;
      this.#draw();
      this.following = true;
      this.#follow();
    }

    /** Changes the language of everything but what was asked and answered. */
    async speak(language) {
      try {
        this.#settle(await this.#settings(language));
      } catch {
        this.#toast(this.words.texts.problems.not_switched);
        return;
      }
      this.memory.keep({ language });
      const typed = this.composer.box.value;
      const { isOpen } = this;
      this.#build();
      this.composer.put(typed);
      this.attach();
      if (isOpen) this.shell?.show(true);
      this.following = true;
      this.#follow();
      this.root.querySelector('.bar [lang]')?.focus();
    }

    // ---- what turns ask for

    showSource(citation) {
      this.sheet.show(citation);
    }

    async copy(text, done) {
      this.#toast((await copied(text, this.frame)) ? done : this.words.texts.actions.copy_failed);
    }

    #toast(text) {
      clearTimeout(this.toasted);
      this.toast.textContent = text;
      this.toasted = setTimeout(() => (this.toast.textContent = ''), TOAST_MS);
    }
  }

  // ---------------------------------------------------------------- the element and the script tag

  class Assistant extends HTMLElement {
    #chat = null;
    #script = null;
    #refused = false;

    /** Begins once; `settings` come from the script tag that makes the element. */
    async start(settings) {
      this.#script = settings.script;
      this.#chat = new Chat(this.attachShadow({ mode: 'open' }), settings);
      if (settings.page) this.classList.add('page');
      document.body.append(this);
      if (await this.#chat.begin()) {
        this.#chat.attach();
        this.#chat.reopen();
      } else {
        this.#refused = true;
        this.remove();
      }
    }

    connectedCallback() {
      this.#chat?.attach();
    }

    /** Single-page sites replace what they did not make: back it goes, for as long as the script tag stands. */
    disconnectedCallback() {
      setTimeout(() => {
        const wanted = !this.#refused && this.#script?.isConnected && !document.querySelector(TAG);
        if (wanted && !this.isConnected) document.body?.append(this);
      });
    }
  }

  const styleSheet = (css) => {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  };

  /** Our language for a page: its own, or the first of the visitor's. */
  function usualLanguage() {
    for (const tag of [document.documentElement.lang, ...navigator.languages]) {
      const language = tag.toLowerCase().split('-')[0];
      if (language === 'ko' || language === 'en') return language;
    }
    return 'ko';
  }

  /** Our script tag; a module, or a script of a loader, is found by its address. */
  function ownScript() {
    if (document.currentScript instanceof HTMLScriptElement) return document.currentScript;
    return [...document.scripts].find((one) => one.dataset.site && /\/widget(-[0-9a-f]{16})?\.js(\?|$)/.test(one.src));
  }

  function settingsOf(script) {
    const { site, language = 'auto', position, accent, mode } = script.dataset;
    return {
      site,
      script,
      bot: new URL(script.src).origin,
      language: language === 'auto' ? usualLanguage() : language,
      left: position === 'left',
      accent: colourOf(accent),
      page: mode === 'page',
    };
  }

  function start(script) {
    if (document.querySelector(TAG)) return; // the tag stands twice: one is enough
    if (!customElements.get(TAG)) customElements.define(TAG, Assistant);
    document.createElement(TAG).start(settingsOf(script));
  }

  function run() {
    const script = ownScript();
    const able = 'adoptedStyleSheets' in Document.prototype && typeof HTMLDialogElement === 'function';
    if (!script?.dataset.site) console.warn('Civicbot: nothing is shown, since the script tag has no data-site.');
    else if (!able) console.warn('Civicbot: nothing is shown, since this browser is too old.');
    else if (document.body) start(script);
    else document.addEventListener('DOMContentLoaded', () => start(script), { once: true });
  }

  // ---------------------------------------------------------------- how it looks

  // Sizes are in em of the browser's own text size, so that neither the page's `html` nor its body change them. What
  // stands on `:host` is marked important, since a page's own rules for the element would win otherwise.
  const STYLE = `
:host { all: initial !important; position: fixed !important; width: 0 !important; height: 0 !important; display: block !important; }
:host(.page) { inset: 0 !important; width: auto !important; height: auto !important; }
.root {
  color-scheme: light dark; direction: ltr;
  --ground: #f4f6f9; --paper: #fff; --text: #1e2124; --quiet: #545d68; --line: #d3d9e0; --edge: #7b8794; --note: #fff6e0;
  --note-line: #a86b00; --bad: #b3261e; --good: #17653a; --mark: #ffefb0; --shade: rgb(14 22 36 / .3); --lift: 0 .3em 1.6em rgb(20 35 70 / .28);
  font: 1.0625em/1.6 "Pretendard GOV", Pretendard, "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", system-ui, sans-serif;
  color: var(--text); text-align: left; word-break: keep-all; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  .root {
    --ground: #12161c; --paper: #1b2129; --text: #eef1f5; --quiet: #b3bcc8; --line: #38424f; --edge: #8592a1; --note: #352a10;
    --note-line: #e3b548; --bad: #ffb1a8; --good: #8fdcae; --mark: #57480f; --shade: rgb(0 0 0 / .5); --lift: 0 .3em 1.6em rgb(0 0 0 / .7);
  }
}
@media (prefers-contrast: more) {
  .root { --ground: Canvas; --paper: Canvas; --text: CanvasText; --quiet: CanvasText; --line: CanvasText; --edge: CanvasText; --soft: Canvas; --note: Canvas; }
  .question, .label { border-color: var(--line) !important; }
}
.root * { box-sizing: border-box; }
p, h1, h2, h3, h4, ul, dl, dd, fieldset, blockquote { margin: 0; padding: 0; border: 0; font-size: 1em; min-width: 0; }
ul { list-style: none; }
h1, h2, h3, h4 { line-height: 1.4; font-weight: 700; }
a { color: var(--link); text-decoration: underline; text-underline-offset: .2em; }
button, textarea, input { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; letter-spacing: inherit; }
svg { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linejoin: round; stroke-linecap: round; }
:focus-visible, label:has(input:focus-visible) { outline: .18em solid var(--link); outline-offset: .12em; border-radius: .25em; }
.title:focus, .who:focus, .thanks:focus, .ticket h4:focus { outline: none; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; margin: 0; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

/* ---- the launcher */
.corner {
  position: fixed; inset: auto; right: max(1.2em, env(safe-area-inset-right)); bottom: max(1.2em, env(safe-area-inset-bottom)); margin: 0; padding: 0; border: 0;
  width: auto; height: auto; background: none; overflow: visible; z-index: 2147483000; color: inherit;
}
.at-left .corner { right: auto; left: max(1.2em, env(safe-area-inset-left)); }
.launcher {
  position: relative; display: inline-flex; align-items: center; gap: .5em; min-height: 3.2em; max-width: calc(100vw - 2.4em); padding: .5em 1.3em .5em 1.1em;
  border: 2px solid var(--paper); border-radius: 1.8em; background: var(--area); color: var(--on-area); font-weight: 700; line-height: 1.3; box-shadow: 0 0 0 1px var(--area-edge), var(--lift);
}
.launcher:hover { background: var(--area-deep); }
.launcher:focus-visible { outline: .2em solid var(--text); outline-offset: .2em; border-radius: 1.8em; box-shadow: 0 0 0 .4em var(--paper); }
.launcher.news::after { content: ""; position: absolute; right: .2em; top: -.1em; width: .9em; height: .9em; border: 2px solid var(--paper); border-radius: 50%; background: var(--bad); }

/* ---- the dialog, or the whole page */
.panel, .sheet { padding: 0; color: var(--text); background: var(--ground); border: 1px solid var(--edge); overscroll-behavior: contain; }
.panel {
  position: fixed; inset: auto 1.2em 1.2em auto; margin: 0; width: 27em; max-width: calc(100vw - 2.4em); height: 44em; max-height: calc(100vh - 2.4em); max-height: calc(100dvh - 2.4em);
  border-radius: 1em; box-shadow: var(--lift); overflow: hidden; flex-direction: column; z-index: 2147483000;
}
.at-left .panel { inset: auto auto 1.2em 1.2em; }
.panel[open] { display: flex; }
.panel::backdrop, .sheet::backdrop { background: var(--shade); }
.page .panel { position: absolute; inset: 0; display: flex; width: auto; max-width: none; height: auto; max-height: none; border: 0; border-radius: 0; box-shadow: none; }
.bar { flex: none; display: flex; align-items: center; gap: .2em; padding: .45em .5em .45em 1.1em; border-bottom: 1px solid var(--line); background: var(--paper); }
.title, .card-number { flex: 1; font-size: 1.06em; font-weight: 700; line-height: 1.35; }
.log { flex: 1; position: relative; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 0 1.1em; }
.log:focus-visible { outline-offset: -.2em; }
.page :is(.log, .bar, .dock) { padding-left: max(1.1em, calc(50% - 22em)); padding-right: max(1.1em, calc(50% - 22em)); }

/* ---- buttons and links */
.button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.6em; padding: .35em 1em; border: 1px solid var(--edge); border-radius: .5em;
  background: var(--paper); color: var(--text); font-weight: 600; line-height: 1.3; text-decoration: none;
}
.button:hover { border-color: var(--link); background: var(--soft); }
.button.primary { background: var(--area); border-color: var(--area-edge); color: var(--on-area); }
.button.primary:hover { background: var(--area-deep); }
.small { min-height: 2.1em; padding: .1em .8em; }
.tool { display: inline-flex; align-items: center; gap: .35em; min-height: 2.6em; padding: .3em .55em; border: 0; border-radius: .4em; background: none; white-space: nowrap; }
.tool:hover { background: var(--soft); color: var(--link); }
.chip { width: 100%; min-height: 2.8em; padding: .55em .9em; text-align: left; line-height: 1.45; border: 1px solid var(--line); border-radius: .6em; background: var(--paper); }
.chip:hover { border-color: var(--link); background: var(--soft); }
.links { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .6em; }

/* ---- the opening */
.opening { display: grid; gap: 1em; padding: 1.1em 0 .4em; }
.greeting { font-size: 1.2em; font-weight: 700; line-height: 1.4; white-space: pre-line; }
.ai, .note, .notice { padding: .6em .9em; border: 1px solid transparent; border-left: .3em solid var(--note-line); border-radius: .4em; background: var(--note); }
.ai p { margin-top: .15em; }
.note { margin-top: 1em; display: grid; gap: .5em; justify-items: start; }
.opening .note { margin: 0; }
.opening .part { margin: 0; padding: 0; border: 0; }
.quiet, .as-of, .hint, .ai-label, .fine, .count { color: var(--quiet); }
.next ul { display: grid; gap: .5em; }
.part > :is(h3, h4) { margin-bottom: .5em; }
.foot { display: flex; flex-wrap: wrap; gap: .1em 1.1em; margin: 1em 0 .6em; padding-top: .5em; border-top: 1px solid var(--line); }
.foot a { display: inline-flex; align-items: center; min-height: 2.4em; color: var(--quiet); }

/* ---- questions and answers */
.turn { padding-top: 1.1em; }
.turn .note { margin: 0 0 .8em; }
.who { color: var(--quiet); margin-bottom: .1em; }
.question { width: fit-content; max-width: 90%; margin: 0 0 .7em auto; padding: .55em 1em; border: 1px solid transparent; border-radius: .9em .9em .2em .9em; background: var(--soft); }
.question p { white-space: pre-wrap; }
.answer { padding: .9em 1em .7em; border: 1px solid var(--line); border-radius: .8em; background: var(--paper); }
.by-ai { display: inline-block; padding: 0 .6em; margin-bottom: .4em; border-radius: .3em; background: var(--area); color: var(--on-area); }
.text { line-height: 1.75; }
.text p + p { margin-top: .5em; }
.cite {
  display: inline-block; min-width: 1.7em; padding: .05em .15em; margin: -.2em 0 -.2em -.25em; border: 0; border-radius: .3em; background: none; color: var(--link); font-size: .92em;
  font-weight: 700; line-height: 1.6; text-decoration: underline; text-underline-offset: .2em;
}
.cite:hover { background: var(--soft); box-shadow: inset 0 0 0 1px var(--link); }
.as-of, .notice, .contact { margin-top: .6em; }
.notice { padding: .4em .8em; }
.notice.good { border-left-color: var(--good); background: var(--soft); }
.contact { font-weight: 700; }
.problem, .alert { color: var(--bad); font-weight: 600; }
.part { margin-top: .9em; padding-top: .8em; border-top: 1px solid var(--line); }
.sources { display: grid; gap: .1em; }
.source-line { display: flex; gap: .4em; width: calc(100% + .8em); margin: 0 -.4em; padding: .3em .4em; min-height: 2.6em; border: 0; border-radius: .4em; background: none; text-align: left; line-height: 1.5; color: var(--link); }
.source-line:hover { background: var(--soft); }
.source-line:hover .source-title { text-decoration: underline; text-underline-offset: .2em; }
.number { flex: none; font-weight: 700; }
.meta { display: block; color: var(--quiet); }
.wait { display: flex; align-items: center; gap: .35em; color: var(--quiet); }
.log > .wait { padding: 1.2em 0; }
.wait i { width: .5em; height: .5em; border-radius: 50%; background: currentColor; opacity: .6; }
.wait span { margin-left: .3em; }
@media (prefers-reduced-motion: no-preference) {
  .wait i { animation: wait 1.2s infinite ease-in-out; }
  .wait i:nth-child(2) { animation-delay: .15s; }
  .wait i:nth-child(3) { animation-delay: .3s; }
  @keyframes wait { 0%, 70%, 100% { opacity: .25; } 35% { opacity: 1; } }
}

/* ---- after an answer */
.ai-label { margin-top: .8em; padding-top: .7em; border-top: 1px solid var(--line); }
.tools { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; margin: .1em -.5em 0; }
.rating { display: inline-flex; flex-wrap: wrap; align-items: center; }
.rating > span { padding-left: .5em; color: var(--quiet); }
.form { display: grid; gap: .6em; justify-items: start; margin-top: .7em; }
.form > :is(fieldset, textarea, p, div) { width: 100%; }
legend { padding: 0 0 .4em; }
legend, .field { font-weight: 700; }
.chips { display: flex; flex-wrap: wrap; gap: .4em; }
.chips label { display: inline-flex; align-items: center; gap: .5em; min-height: 2.6em; padding: .2em .9em; border: 1px solid var(--edge); border-radius: 2em; background: var(--paper); cursor: pointer; }
.chips label:has(:checked) { border-color: var(--link); background: var(--soft); font-weight: 700; box-shadow: inset 0 0 0 1px var(--link); }
.chips input { accent-color: var(--link); width: 1.15em; height: 1.15em; flex: none; }
textarea { width: 100%; padding: .55em .8em; border: 1px solid var(--edge); border-radius: .5em; background: var(--paper); line-height: 1.45; resize: vertical; }
textarea::placeholder { color: var(--quiet); opacity: 1; }
.thanks { margin-top: .4em; color: var(--good); font-weight: 600; }
.quoted { padding: .3em .8em; border-left: .3em solid var(--line); }
.already { margin-bottom: .6em; }
.ticket { display: grid; gap: .5em; }
.ticket h4 { margin: 0; color: var(--good); font-size: 1.06em; }
.code { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2em .7em; }
.code a { font-size: 1.4em; font-weight: 700; letter-spacing: .05em; }

/* ---- the question box */
.dock { flex: none; padding: .35em 1.1em .6em; border-top: 1px solid var(--line); background: var(--ground); }
.above { display: flex; align-items: center; justify-content: space-between; gap: 1em; min-height: 2.3em; }
.above label { font-weight: 700; }
.box { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5em; align-items: end; }
.box textarea { min-height: 2.9em; resize: none; overflow-y: auto; }
.box textarea:focus { border-color: var(--link); outline: .12em solid var(--link); outline-offset: 0; }
.box .button { min-height: 2.9em; padding: .35em 1.1em; }
.count { text-align: right; }
.count.over { color: var(--bad); font-weight: 700; }
.count:empty, .alert:empty, .toast:empty { display: none; }
.alert, .fine { padding-top: .25em; }
.toast { position: absolute; left: 1.1em; right: 1.1em; bottom: 9.5em; z-index: 2; width: fit-content; margin: 0 auto; padding: .55em 1em; border-radius: .5em; background: var(--text); color: var(--ground); box-shadow: var(--lift); }

/* ---- a source */
.sheet { position: fixed; inset: auto 1.2em 1.2em auto; margin: 0; width: 27em; max-width: calc(100vw - 2.4em); max-height: min(38em, calc(100vh - 4em)); border-radius: 1em; background: var(--paper); box-shadow: var(--lift); overflow-y: auto; }
.at-left .sheet { inset: auto auto 1.2em 1.2em; }
.page .sheet { inset: auto 0 1.2em; margin: 0 auto; }
.card { padding: 0 1.1em 1.1em; }
.card .bar { position: sticky; top: 0; margin: 0 -1.1em .7em; }
.card-title { font-size: 1.1em; }
.card h4 { margin: .9em 0 .3em; color: var(--quiet); }
.label { margin-top: .6em; padding: .15em .7em; border: 1px solid transparent; border-radius: .4em; background: var(--soft); width: fit-content; }
blockquote { padding-left: .9em; border-left: .3em solid var(--link); line-height: 1.75; }
mark { background: var(--mark); color: inherit; padding: .1em 0; }
dl { margin: .9em 0; }
dl div { display: flex; gap: .7em; }
dt { flex: none; min-width: 4.4em; color: var(--quiet); }

/* ---- phones, low and enlarged windows, other colours, paper */
@media (max-width: 560px) {
  .panel, .at-left .panel { inset: 0; width: 100vw; max-width: none; height: 100vh; height: 100dvh; max-height: none; border: 0; border-radius: 0; }
  .page .panel { width: auto; height: auto; }
  .sheet, .at-left .sheet, .page .sheet { inset: auto 0 0; width: 100vw; max-width: none; max-height: 88vh; max-height: 88dvh; border-width: 1px 0 0; border-radius: 1em 1em 0 0; }
  .bar { padding-top: max(.45em, env(safe-area-inset-top)); }
  .card .bar { padding-top: .45em; }
  .dock { padding-bottom: max(.6em, env(safe-area-inset-bottom)); }
  .card { padding-bottom: max(1.1em, env(safe-area-inset-bottom)); }
  .corner { right: max(.9em, env(safe-area-inset-right)); bottom: max(.9em, env(safe-area-inset-bottom)); }
  .at-left .corner { left: max(.9em, env(safe-area-inset-left)); }
}
@media (max-width: 350px) {
  .bar { flex-wrap: wrap; }
  .title { flex-basis: 100%; }
}
@media (max-height: 480px) {
  .panel { overflow-y: auto; }
  .log { flex: none; overflow: visible; }
}
@media (forced-colors: active) {
  .chip, .question, .answer, .by-ai, .launcher, .label, .ai, .note, .notice { border: 1px solid CanvasText; }
  mark { border-bottom: 2px solid CanvasText; }
  .wait i { background: CanvasText; }
  .toast { border: 1px solid CanvasText; background: Canvas; color: CanvasText; }
  .chips label:has(:checked) { border: 3px solid Highlight; }
}
@media print { :host(:not(.page)) { display: none !important; } }
`;

  run();
})();
