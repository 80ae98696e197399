export const useCallback: any;
export const useEffect: any;
export const useErrorBoundary: any;
export const useLayoutEffect: any;
export const useMemo: any;
export const useRef: any;
export const useState: any;
