/**
 * The language of what we show ourselves: English, or Hindi.
 */
import type { Kit } from './modules';

export type Language = 'en' | 'hi';

export function languageOf({ view, options }: Kit): Language {
  const wanted = options.language || view.document.documentElement.lang || view.navigator.language || '';
  return wanted.toLowerCase().startsWith('hi') ? 'hi' : 'en';
}

/**
 * An element with text and looks. Looks are set one by one: a strict content security policy lets no style text in.
 */
export function made<Tag extends keyof HTMLElementTagNameMap>(
  { view }: Kit,
  tag: Tag,
  text = '',
  looks: Partial<CSSStyleDeclaration> = {},
): HTMLElementTagNameMap[Tag] {
  const element = view.document.createElement(tag);
  element.textContent = text;
  Object.assign(element.style, looks);
  return element;
}

/** Looks of a button; two of them side by side weigh the same. */
export const BUTTON: Partial<CSSStyleDeclaration> = {
  font: 'inherit',
  fontWeight: '600',
  flex: '1 1 0',
  minHeight: '44px',
  padding: '8px 16px',
  border: '2px solid #1d4ed8',
  borderRadius: '6px',
  background: '#ffffff',
  color: '#1d4ed8',
  cursor: 'pointer',
};

/** Looks of the box around it. */
export const BOX: Partial<CSSStyleDeclaration> = {
  boxSizing: 'border-box',
  maxWidth: '30rem',
  padding: '16px',
  border: '1px solid #94a3b8',
  borderRadius: '10px',
  background: '#ffffff',
  color: '#0f172a',
  font: '16px/1.5 system-ui, sans-serif',
  boxShadow: '0 8px 30px rgba(0, 0, 0, .25)',
};
