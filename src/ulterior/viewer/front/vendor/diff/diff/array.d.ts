type Change<T> = { value: T[]; count: number; added: boolean; removed: boolean };
export function diffArrays<T>(before: T[], after: T[], options?: object): Change<T>[] | undefined;
