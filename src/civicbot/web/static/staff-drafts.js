// What is being typed, kept in this tab until it is sent: a log-in that ended or a lost server costs nobody's words.
const PREFIX = 'civicbot-draft:';
const KEPT = 'input[type=text], input[type=search], input:not([type]), input[type=date], input[type=datetime-local], textarea, select';

const stored = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name));
  } catch {
    return null; // storage is off, or holds something else
  }
};

export function keepDraft(form) {
  const fields = fieldsOf(form);
  for (const input of form.querySelectorAll('input[type=password], input[type=hidden]:not([name=cites])')) delete fields[input.name];
  try {
    sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(fields));
  } catch {
    // Nothing to be done.
  }
}

export function forgetDraft(name) {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing to be done.
  }
}

export function forgetAllDrafts() {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {
    // Nothing to be done.
  }
}

/** A form's fields by name, each with all its values; with what the pressed button says. */
export function fieldsOf(form, submitter = null) {
  const fields = {};
  for (const [name, value] of new FormData(form, submitter)) (fields[name] ??= []).push(String(value));
  return fields;
}

export const hasDraft = (form) => Boolean(form.dataset.draft && stored(form.dataset.draft));

/**
 * Puts back what was typed into the forms that were drawn anew. A form whose rows only the server can draw is handed
 * to `redraw` with its fields.
 */
export function restoreDrafts(root, redraw) {
  let restored = false;
  for (const form of root.querySelectorAll('form[data-draft]')) {
    const fields = stored(form.dataset.draft);
    if (!fields) continue;
    if ('restore' in form.dataset) {
      if (form.dataset.restore) redraw(form, { ...fieldsOf(form), ...fields });
      continue;
    }
    for (const input of form.querySelectorAll(KEPT)) {
      const value = fields[input.name]?.[0];
      if (value === undefined || value === input.value) continue;
      input.value = value;
      restored = true;
    }
  }
  return restored;
}
