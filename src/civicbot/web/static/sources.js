// Citations: their quote beside them on hover, focus and tap; their source in a panel on click.
let peek, panel, words, shownFor, shownSource, leaving, touched;

export function startSources(texts) {
  words = texts;
  panel = document.createElement('dialog');
  panel.id = 'cb-panel';
  panel.setAttribute('aria-labelledby', 'cb-panel-title');
  peek = document.createElement('div');
  peek.id = 'cb-peek';
  peek.hidden = true;
  document.body.append(panel);
  document.getElementById('cb-main').append(peek);
  document.addEventListener('pointerdown', (event) => (touched = event.pointerType === 'touch'), true);
  document.addEventListener('click', onClick);
  document.addEventListener('pointerover', (event) => event.pointerType !== 'touch' && over(event.target));
  document.addEventListener('focusin', (event) => {
    if (!touched && event.target.matches?.('[data-peek]:focus-visible')) show(event.target);
    else if (!peek.contains(event.target)) hide();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || peek.hidden) return;
    event.preventDefault(); // the first Escape closes the quote only
    hide();
  });
  addEventListener('scroll', follow, { passive: true });
  addEventListener('resize', follow);
  panel.addEventListener('click', (event) => {
    if (event.target === panel) panel.close(); // the shade around it
  });
  panel.addEventListener('close', () => panel.replaceChildren());
}

function onClick(event) {
  const button = event.target.closest('[data-source]');
  if (event.target.closest('[data-close]')) panel.close();
  else if (!button) {
    if (!peek.contains(event.target)) hide();
  } else if ('peek' in button.dataset && touched && shownFor !== button) show(button);
  else open(button);
}

function over(target) {
  const cite = target.closest?.('[data-peek]');
  clearTimeout(leaving);
  if (cite) show(cite);
  else if (!peek.hidden && !peek.contains(target) && document.activeElement !== shownFor) leaving = setTimeout(hide, 250);
}

// The focus itself scrolls its citation into view: the quote of a focused one stays and moves along.
function follow() {
  if (shownFor && document.activeElement === shownFor) place(shownFor.getBoundingClientRect());
  else hide();
}

/** After a change: a quote goes when its citation has become another one's. */
export function checkSources() {
  if (shownFor && (!shownFor.isConnected || shownFor.dataset.source !== shownSource)) hide();
  else shownFor?.setAttribute('aria-expanded', 'true');
}

function show(cite) {
  const card = document.getElementById(cite.dataset.source);
  if (!card || shownFor === cite) return;
  hide();
  const quote = document.createElement('p');
  const original = card.querySelector('.cb-quote');
  quote.lang = card.querySelector('blockquote').lang;
  quote.textContent = original.textContent;
  const where = document.createElement('p');
  where.className = 'cb-peek-where';
  where.textContent = `${card.querySelector('.cb-card-title').textContent} · ${card.querySelector('.cb-card-date').textContent}`;
  const more = document.createElement('button');
  more.type = 'button';
  more.className = 'cb-button';
  more.dataset.source = cite.dataset.source;
  more.tabIndex = -1; // the citation itself opens the same panel
  more.textContent = words().more;
  peek.lang = document.documentElement.lang;
  peek.replaceChildren(quote, where, more);
  peek.hidden = false;
  shownFor = cite;
  shownSource = cite.dataset.source;
  cite.setAttribute('aria-expanded', 'true');
  place(cite.getBoundingClientRect());
}

function place(cite) {
  const edge = 12;
  const size = peek.getBoundingClientRect();
  const left = Math.min(Math.max(edge, cite.left - 24), document.documentElement.clientWidth - size.width - edge);
  const below = cite.bottom + 8;
  const fits = below + size.height < innerHeight - edge;
  peek.style.left = `${Math.max(edge, left)}px`;
  peek.style.top = `${fits ? below : Math.max(edge, cite.top - size.height - 8)}px`;
}

function hide() {
  clearTimeout(leaving);
  peek.hidden = true;
  shownFor?.removeAttribute('aria-expanded');
  shownFor = null;
}

function open(button) {
  const card = document.getElementById(button.dataset.source);
  if (!card) return;
  const back = shownFor && peek.contains(button) ? shownFor : button;
  hide();
  const copy = card.cloneNode(true);
  for (const one of [copy, ...copy.querySelectorAll('[id]')]) one.removeAttribute('id');
  copy.querySelector('.cb-card-title').id = 'cb-panel-title';
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'cb-button cb-close';
  close.dataset.close = '';
  close.textContent = words().close;
  copy.prepend(close);
  panel.lang = document.documentElement.lang;
  panel.replaceChildren(copy);
  back.focus();
  panel.showModal(); // takes the focus, keeps it, and gives it back
  panel.scrollTop = 0;
}
