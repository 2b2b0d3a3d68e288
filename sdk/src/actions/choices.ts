/**
 * What the visitor chooses, answers and submits. Never what is typed.
 */
import { on } from '../guard';
import type { Kit } from '../modules';
import { interact } from './clicks';
import { targetOf } from './element';

/** Inputs that hold a choice and no text. */
const CHOICE = 'select,input[type=checkbox],input[type=radio],input[type=range],input[type=date],input[type=color],input[type=file]';

export function captureChoices(kit: Kit): void {
  const { view, client, wants } = kit;
  on(view.document, 'change', (event) => {
    const element = targetOf(event);
    if (!element?.matches(CHOICE)) return;
    const question = wants('questions') && element.closest('[data-tm-question]');
    if (question) {
      const id = question.getAttribute('data-tm-question')!;
      const values = Object.entries(choicesOf(question)).map(([key, value]) => ({ [key]: value }));
      client.idly('RESPONSE', { target: { id, type: 'Question', ver: '1' }, type: 'CHOOSE', values });
    } else if (wants('changes')) interact(kit, 'CHANGE', element);
  });
  on(view.document, 'submit', (event) => {
    const form = targetOf(event);
    if (form && wants('submits')) interact(kit, 'SUBMIT', form);
  });
}

/** What is chosen in `within`, by name; texts are left out. */
export function choicesOf(within: Element): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const input of within.querySelectorAll<HTMLInputElement>('option:checked,input:checked')) {
    const { name, id } = input.closest('select') || input;
    const key = name || id || 'choice';
    chosen[key] = (chosen[key] ? `${chosen[key]},` : '') + input.value;
  }
  return chosen;
}
