/**
 * telemetry-feedback.js: stars and a comment, in English or Hindi, for `<button data-tm-feedback>`. Becomes FEEDBACK.
 * Fetched at the first click on such an element. Keyboard and screen reader reach everything; the comment is asked for
 * only at full, where it may be kept.
 */
import { begin, type Kit } from '../modules';
import { BOX, BUTTON, languageOf, made } from '../words';

const STARS = 5;
const COMMENT_CHARS_MAX = 2000;

const WORDS = {
  en: {
    title: 'How do you like it?',
    star: (count: number) => (count === 1 ? '1 star' : `${count} stars`),
    comment: 'What could be better? (optional)',
    send: 'Send',
    close: 'Close',
    thanks: 'Thank you!',
    missing: 'Please choose the stars first.',
  },
  hi: {
    title: 'आपको यह कैसा लगा?',
    star: (count: number) => `${count} तारे`,
    comment: 'क्या बेहतर हो सकता है? (वैकल्पिक)',
    send: 'भेजें',
    close: 'बंद करें',
    thanks: 'धन्यवाद!',
    missing: 'कृपया पहले तारे चुनें।',
  },
};

function open(kit: Kit): void {
  const { view, client, levelNow } = kit;
  const { document } = view;
  const level = levelNow() ?? 0;
  if (level === 0 || document.querySelector('[data-tm-feedback-form]')) return;
  const language = languageOf(kit);
  const words = WORDS[language];
  const before = document.activeElement as HTMLElement | null;

  const dialog = made(kit, 'dialog', '', BOX);
  dialog.lang = language;
  dialog.setAttribute('aria-label', words.title);
  dialog.setAttribute('data-tm-ignore', '');
  dialog.setAttribute('data-tm-feedback-form', '');
  const close = (): void => {
    dialog.remove();
    before?.focus();
  };
  dialog.addEventListener('cancel', close);

  const form = made(kit, 'form');
  const stars = starsOf(kit, words);
  const comment = made(kit, 'textarea', '', { width: '100%', boxSizing: 'border-box', minHeight: '5em', font: 'inherit' });
  comment.maxLength = COMMENT_CHARS_MAX;
  comment.setAttribute('aria-label', words.comment);
  comment.placeholder = words.comment;
  const said = made(kit, 'p', '', { margin: '8px 0', minHeight: '1.5em' });
  said.setAttribute('role', 'status');
  const row = made(kit, 'div', '', { display: 'flex', gap: '12px' });
  const closing = made(kit, 'button', words.close, BUTTON);
  closing.type = 'button';
  closing.addEventListener('click', close);
  const send = made(kit, 'button', words.send, BUTTON);
  row.append(closing, send);
  form.append(stars.group, ...(level === 3 ? [comment] : []), said, row);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const rating = stars.chosen();
    if (!rating) {
      said.textContent = words.missing;
      return;
    }
    const comments = comment.value.trim();
    client.emit('FEEDBACK', { rating, ...(comments && { comments }) });
    form.replaceChildren(said, closing);
    said.textContent = words.thanks;
    closing.focus();
  });
  dialog.append(form);
  document.body.append(dialog);
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute('open', '');
  stars.group.querySelector('input')?.focus();
}

/** Radio buttons that look like stars. */
function starsOf(kit: Kit, words: (typeof WORDS)['en']): { group: HTMLElement; chosen: () => number } {
  const group = made(kit, 'fieldset', '', { border: '0', padding: '0', margin: '0 0 8px' });
  group.append(made(kit, 'legend', words.title, { fontWeight: '600', padding: '0' }));
  const inputs = Array.from({ length: STARS }, (_, index) => {
    const label = made(kit, 'label', '', { display: 'inline-block', position: 'relative', padding: '4px', fontSize: '28px', lineHeight: '36px' });
    // Over its star and unseen: whoever clicks the star, or comes by keyboard, is at the button.
    const input = made(kit, 'input', '', { position: 'absolute', inset: '0', width: '100%', height: '100%', margin: '0', opacity: '0', cursor: 'pointer' });
    input.addEventListener('focus', () => (label.style.outline = '2px solid #1d4ed8'));
    input.addEventListener('blur', () => (label.style.outline = ''));
    input.type = 'radio';
    input.name = 'tm-stars';
    input.value = String(index + 1);
    input.setAttribute('aria-label', words.star(index + 1));
    const star = made(kit, 'span', '☆');
    star.setAttribute('aria-hidden', 'true');
    label.append(input, star);
    group.append(label);
    return { input, star };
  });
  const chosen = (): number => Number(inputs.find(({ input }) => input.checked)?.input.value ?? 0);
  group.addEventListener('change', () => {
    inputs.forEach(({ star }, index) => (star.textContent = index < chosen() ? '★' : '☆'));
  });
  return { group, chosen };
}

begin('feedback', (kit) => {
  open(kit);
  kit.view.document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-tm-feedback]')) open(kit);
  });
});
