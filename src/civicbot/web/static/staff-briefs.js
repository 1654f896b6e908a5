// Editing briefs: only the lines that are new are sent, since a brief is longer than a request may be, and what is
// typed is checked soon after the last key.
const CHECK_MS = 900;
let timer = null;

/** The lines of `text` that `base` has not, as one piece: what stands in the place of which lines. */
export function splice(base, text) {
  const [old, now] = [base.split('\n'), text.split('\n')];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return { first: head, last: old.length - tail, lines: now.slice(head, now.length - tail) };
}

/** The fields of a form, its long texts as what is new in them. */
export function spliced(form, fields) {
  if (!('splice' in form.dataset)) return fields;
  for (const text of form.querySelectorAll('textarea[data-base]')) {
    fields[text.name] = [JSON.stringify(splice(document.getElementById(text.dataset.base).value, text.value))];
  }
  return fields;
}

/** Checks a form a moment after the last key. */
export function soon(check) {
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_MS);
}

/** Whatever waits to be checked is sent anyway, or no longer there. */
export function never() {
  clearTimeout(timer);
}

/** Scrolls long texts to what is proposed in them. */
export function showPlaces() {
  requestAnimationFrame(() => {
    for (const text of document.querySelectorAll('textarea[data-at]')) {
      text.scrollTop = text.scrollHeight * Number(text.dataset.at) - text.clientHeight / 2;
    }
  });
}
