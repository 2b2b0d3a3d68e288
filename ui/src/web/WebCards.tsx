import { useTranslation } from "react-i18next";
import type { WebAnswer, WebNumbers } from "../api/words";
import { type NumberFormat, useNumbers } from "../format/numbers";
import { NumberButton } from "../insights/frame/NumberButton";
import { besideOf, Change } from "../parts/Change";
import classes from "./Web.module.css";

const CARDS = ["visitors", "views", "sessions", "duration_s", "bounce_rate"] as const satisfies readonly (keyof WebNumbers)[];
type Card = (typeof CARDS)[number];

/** The server tells the bounce rate in percent. */
export function cardText(numbers: NumberFormat, card: Card, of: WebNumbers): string {
  if (card === "duration_s") return numbers.duration(of.duration_s);
  if (card !== "bounce_rate") return numbers.full(of[card]);
  return of.bounce_rate === null || of.bounce_rate === undefined ? numbers.full(undefined) : numbers.percent(of.bounce_rate / 100);
}

interface WebCardsProps {
  answer: WebAnswer;
  /** Opens the people of all visits. */
  onOpen: () => void;
}

/** Five numbers over all visits, beside those of the other period. */
export function WebCards({ answer: { current, previous }, onOpen }: WebCardsProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <dl className={classes.cards}>
      {CARDS.map((card) => {
        const [now, before] = [current[card], previous?.[card]];
        const text = cardText(numbers, card, current);
        const counted = card !== "duration_s" && card !== "bounce_rate" && current[card] > 0;
        return (
          <div key={card}>
            <dt>{t(`web.${card}`)}</dt>
            <dd>
              <span className={classes.big}>
                <NumberButton text={text} of={t(`web.${card}`)} onOpen={counted ? onOpen : undefined} />
              </span>
              {previous && (
                <span className={classes.before}>
                  {now !== null && now !== undefined && before !== null && before !== undefined && (
                    <Change beside={besideOf(now, before)} lessIsBetter={card === "bounce_rate"} />
                  )}{" "}
                  {t("web.was", { number: cardText(numbers, card, previous) })}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
