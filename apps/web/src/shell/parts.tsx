import { useEffect, useRef } from 'react';
import { hashOf, type Route } from '../route/route.ts';

/** Why something could not be done; said aloud where it is read aloud. */
export const Problem = ({ text }: { readonly text: string | null }) =>
  text === null ? null : (
    <p className="problem" role="alert">
      {text}
    </p>
  );

export const Link = ({
  to,
  className,
  children,
}: {
  readonly to: Route;
  readonly className?: string;
  readonly children: React.ReactNode;
}) => (
  <a href={hashOf(to)} className={className}>
    {children}
  </a>
);

/** The heading of a screen. Whoever comes to the screen begins to read here. */
export const Title = ({ children }: { readonly children: string }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = `${children.slice(0, 60)} · Tandem`;
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
};

/** When it was, as one says it; the whole of it for whoever points at it. */
export const When = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={new Date(at).toLocaleString()}>
    {ago(Date.now() - Date.parse(at))}
  </time>
);

const ago = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} days ago`;
};
