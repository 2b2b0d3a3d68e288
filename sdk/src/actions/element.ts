/**
 * What an element is called, without its text.
 */

/** Deep enough to tell siblings apart, short enough to stay the same when the page around it changes. */
const PATH_LEVELS_MAX = 5;
const CHAIN_LEVELS_MAX = 10;
/** A list of thousands must not make a click slow. */
const SIBLINGS_MAX = 100;

/** The element that `event` is about; undefined inside `data-tm-ignore`. */
export function targetOf(event: Event): Element | undefined {
  const inner = (event.composedPath()[0] || event.target) as Element;
  return inner.nodeType === 1 && !inner.closest('[data-tm-ignore]') ? inner : undefined;
}

const givenTo = (node: Element): string => node.getAttribute('data-tm-id') || node.id;

/** A name that survives a new build of the page: what the developer gave, else the place in the tree. */
export function nameOf(element: Element): string {
  const path: string[] = [];
  for (let node: Element | null = element; node && path.length < PATH_LEVELS_MAX; node = node.parentElement) {
    const given = givenTo(node);
    if (given) {
      path.unshift(path.length > 0 ? `#${given}` : given);
      break;
    }
    path.unshift(step(node));
  }
  return path.join('>');
}

/** `button:2`: the second button among its siblings; the number is left out where there is only one. */
function step(node: Element): string {
  const { localName } = node;
  const alike = (way: 'previousElementSibling' | 'nextElementSibling'): number => {
    let count = 0;
    let other = node[way];
    for (let seen = 0; other && seen < SIBLINGS_MAX; seen += 1, other = other[way]) {
      if (other.localName === localName) count += 1;
    }
    return count;
  };
  const before = alike('previousElementSibling');
  return before || alike('nextElementSibling') ? `${localName}:${before + 1}` : localName;
}

/** The element and what it stands in, innermost first: `button#leave[button]<form#ask<main`. */
export function chainOf(element: Element): string {
  const chain: string[] = [];
  for (let node: Element | null = element; node && chain.length < CHAIN_LEVELS_MAX; node = node.parentElement) {
    const id = givenTo(node);
    const role = node.getAttribute('role');
    chain.push(node.localName + (id && `#${id}`) + (role ? `[${role}]` : ''));
  }
  return chain.join('<');
}
