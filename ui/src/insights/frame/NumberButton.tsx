import type { ReactNode } from "react";
import classes from "./Frame.module.css";

interface NumberButtonProps {
  /** The number. */
  text: string;
  /** What it is the number of, for screen readers and on hover. */
  of: string;
  /** Absent: plain text, where there is nobody to show. */
  onOpen?: (() => void) | undefined;
  /** The number as it is drawn; its text when absent. */
  children?: ReactNode;
}

/** A number that opens the people behind it. */
export function NumberButton({ text, of, onOpen, children = text }: NumberButtonProps) {
  if (!onOpen) return <>{children}</>;
  return (
    <button type="button" className={classes.number} aria-label={`${text} ${of}`} title={of} onClick={onOpen}>
      {children}
    </button>
  );
}
