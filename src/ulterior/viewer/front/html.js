// @ts-check
/** Preact and htm under one name. Whatever is a string in a template becomes a text node, never markup. */
import { h, render as draw } from "./vendor/preact.js";
import {
  useCallback as callback,
  useEffect as effect,
  useErrorBoundary as boundary,
  useLayoutEffect as layoutEffect,
  useMemo as memo,
  useRef as ref,
  useState as state,
} from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);
/** @type {(what: any, where: Element) => void} */
export const render = draw;
/** @type {<T>(initial: T | (() => T)) => [T, (next: T | ((before: T) => T)) => void]} */
export const useState = state;
/** @type {<T>(make: () => T, inputs: any[]) => T} */
export const useMemo = memo;
/** @type {<T extends Function>(call: T, inputs: any[]) => T} */
export const useCallback = callback;
/** @type {<T>(initial: T) => {current: T}} */
export const useRef = ref;
/** @type {(run: () => void | (() => void), inputs?: any[]) => void} */
export const useEffect = effect;
/** @type {(run: () => void | (() => void), inputs?: any[]) => void} */
export const useLayoutEffect = layoutEffect;
/** @type {(caught: (error: any) => void) => [any, () => void]} */
export const useErrorBoundary = boundary;
