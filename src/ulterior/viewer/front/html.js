// @ts-check
/** Preact and htm under one name. Whatever is a string in a template becomes a text node, never markup. */
import { h, render, Fragment } from "./vendor/preact.js";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useCallback, useErrorBoundary } from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

export const html = htm.bind(h);
export { render, Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState, useCallback, useErrorBoundary };
