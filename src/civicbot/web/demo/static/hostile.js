// What grown sites do with scripts: shortcuts on single letters, no right button, built-in objects extended, banners.

// Prototype.js 1.6 did both: the first breaks `for … in` over arrays, the second JSON.stringify of whatever holds one.
Array.prototype.remove = function remove(value) {
  const at = this.indexOf(value);
  if (at >= 0) this.splice(at, 1);
};
Array.prototype.toJSON = function toJSON() {
  return `[${this.map((each) => JSON.stringify(each)).join(', ')}]`;
};

document.oncontextmenu = () => false;
document.onselectstart = () => false;
document.ondragstart = () => false;

const pages = { 1: '', 2: 'news', 3: 'services', 4: 'directions' };

document.addEventListener('keydown', (event) => {
  if (['INPUT', 'TEXTAREA', 'SELECT'].includes(event.target.tagName)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key in pages) {
    location.assign(document.querySelector('.menu a').href + pages[event.key]);
  } else if (/^[a-z/ ]$/i.test(event.key) || event.key === 'Enter' || event.key === 'Escape') {
    event.preventDefault();
    document.getElementById('search').focus();
  }
});

// After everything else, so that it stands last in the page.
window.addEventListener('load', () => {
  const banner = document.createElement('aside');
  banner.className = 'banner';
  const text = document.createElement('p');
  text.textContent = document.documentElement.lang === 'ko' ? '물결도서관 겨울 행사 신청 중!' : 'Mulgyeol Library: winter events!';
  banner.append(text);
  document.documentElement.append(banner);
  setInterval(() => document.documentElement.append(banner), 2000); // and it stays last
});
