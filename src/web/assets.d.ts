declare module '*.css'

interface ImportMeta {
  readonly env: { readonly PROD: boolean; readonly DEV: boolean }
}

/** Version of package.json, written in by the build. */
declare const __VERSION__: string
