// A small single-page app: the views stand as templates in the head, and a click replaces the whole body.

const views = new Map();
for (const template of document.head.querySelectorAll('template[data-view]')) {
  views.set(template.dataset.view, template);
}

function show(path) {
  const template = views.get(path);
  if (!template) return false;
  document.title = template.dataset.title;
  document.body.replaceChildren(template.content.cloneNode(true));
  document.getElementById('content').focus({ preventScroll: true });
  window.scrollTo(0, 0);
  return true;
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link || 'leave' in link.dataset || link.origin !== location.origin || link.hash) return;
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!views.has(link.pathname)) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) history.pushState(null, '', link.pathname);
  show(link.pathname);
});

window.addEventListener('popstate', () => show(location.pathname));
