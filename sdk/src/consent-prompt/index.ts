/**
 * telemetry-consent.js: asks the person, once, in English or Hindi. Accepting and rejecting are one click each and look
 * the same; nothing is preselected, the page stays usable.
 */
import { begin, type Kit } from '../modules';
import { LEVELS } from '../consent';
import { BOX, BUTTON, languageOf, made } from '../words';

/** Raised when the words change their meaning: the receipt says which notice was read. */
const NOTICE = '1';

const WORDS = {
  en: {
    title: 'May we see how you use this site?',
    text: {
      basic: 'We count page visits and errors, without knowing who you are. Nothing else is kept on your device.',
      enhanced: 'We keep a random number on your device and record pages and clicks, to learn what works. No names, no texts.',
      full: 'We record pages, clicks and what you look for, together with your account, to learn what works and to help you.',
    },
    change: 'You can change this at any time.',
    accept: 'Accept',
    reject: 'Reject',
  },
  hi: {
    title: 'क्या हम देख सकते हैं कि आप इस साइट का उपयोग कैसे करते हैं?',
    text: {
      basic: 'हम केवल पृष्ठों और त्रुटियों की गिनती करते हैं, यह जाने बिना कि आप कौन हैं। आपके उपकरण पर और कुछ नहीं रखा जाता।',
      enhanced: 'हम आपके उपकरण पर एक यादृच्छिक संख्या रखते हैं और पृष्ठ व क्लिक दर्ज करते हैं, ताकि जान सकें कि क्या काम करता है। न नाम, न लिखा हुआ।',
      full: 'हम पृष्ठ, क्लिक और आपकी खोज आपके खाते के साथ दर्ज करते हैं, ताकि जान सकें कि क्या काम करता है और आपकी मदद कर सकें।',
    },
    change: 'आप इसे कभी भी बदल सकते हैं।',
    accept: 'स्वीकार करें',
    reject: 'अस्वीकार करें',
  },
};

function ask(kit: Kit): void {
  const { view, consent, choose, onLevel } = kit;
  const language = languageOf(kit);
  const words = WORDS[language];
  const highest = LEVELS[consent.highest() ?? 0]!;
  if (highest === 'security') return;

  const box = made(kit, 'section', '', { ...BOX, position: 'fixed', left: '16px', right: '16px', bottom: '16px', margin: '0 auto', zIndex: '2147483000' });
  box.lang = language;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', words.title);
  box.setAttribute('data-tm-ignore', '');
  box.setAttribute('data-tm-consent', '');
  const row = made(kit, 'div', '', { display: 'flex', gap: '12px', flexWrap: 'wrap' });
  for (const [text, level] of [[words.reject, 'security'], [words.accept, highest]] as const) {
    const button = made(kit, 'button', text, BUTTON);
    button.type = 'button';
    button.addEventListener('click', () => {
      box.remove();
      choose(level, { source: 'prompt', language, notice: NOTICE });
    });
    row.append(button);
  }
  box.append(
    made(kit, 'strong', words.title, { display: 'block' }),
    made(kit, 'p', `${words.text[highest]} ${words.change}`, { margin: '8px 0 12px' }),
    row,
  );
  view.document.body.append(box);
  // Answered in another tab.
  const stop = onLevel(() => {
    if (!consent.chosen()) return;
    box.remove();
    stop();
  });
}

begin('consent', ask);
