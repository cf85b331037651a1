/** Names that a runtime gives without an import. Too many are harmless, one too few accuses good code. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Python 3.8 to 3.14. */
export const pythonGlobals: ReadonlySet<string> = new Set(
  words(`
  abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright
  credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash
  help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open
  ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type
  vars zip True False None Ellipsis NotImplemented self cls _ __name__ __file__ __doc__ __package__ __spec__ __path__
  __loader__ __builtins__ __import__ __debug__ __class__ __module__ __qualname__ __annotations__ __dict__ __all__
  ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
  BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
  ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup
  FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
  IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
  ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning
  PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError
  RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError
  TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning
  UserWarning ValueError Warning WindowsError ZeroDivisionError reveal_type reveal_locals unicode xrange raw_input
  get_ipython basestring long unichr reduce reload cmp
`),
);

/** What this runtime has, what modules, browsers, workers and test runners add. */
export const javascriptGlobals: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...words(`
  await async yield let default of arguments undefined NaN Infinity require module exports __dirname __filename global globalThis process Buffer
  window document self navigator location history screen localStorage sessionStorage indexedDB alert confirm prompt
  requestAnimationFrame cancelAnimationFrame requestIdleCallback cancelIdleCallback getComputedStyle matchMedia
  addEventListener removeEventListener dispatchEvent postMessage close open name parent top frames origin scrollTo
  Element HTMLElement HTMLInputElement HTMLButtonElement HTMLDivElement HTMLFormElement HTMLAnchorElement SVGElement
  HTMLCanvasElement HTMLImageElement HTMLTextAreaElement HTMLSelectElement Node NodeList Document DocumentFragment
  ShadowRoot MutationObserver ResizeObserver IntersectionObserver KeyboardEvent MouseEvent PointerEvent TouchEvent
  InputEvent FocusEvent DragEvent UIEvent CSS CSSStyleSheet customElements XMLHttpRequest DOMParser XMLSerializer
  Image Audio Option FileReader FileList Notification ServiceWorker Worker SharedWorker importScripts WebSocket
  EventSource caches clients skipWaiting registration DOMRect DOMPoint Range Selection getSelection visualViewport
  AudioContext Path2D OffscreenCanvas ImageData createImageBitmap speechSynthesis IDBKeyRange devicePixelRatio
  innerWidth innerHeight scrollX scrollY pageXOffset pageYOffset opener external chrome browser Deno Bun JSX React
  describe it test expect suite before after beforeEach afterEach beforeAll afterAll jest vi vitest cy Cypress jasmine
  spyOn fail xit xdescribe fit fdescribe assert sinon chai mocha QUnit setup teardown specify context define requirejs
  $ jQuery angular Iterator Float16Array SuppressedError DisposableStack AsyncDisposableStack Temporal
`),
]);
