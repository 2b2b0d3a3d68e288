import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { ItemRow, ItemsAnswer } from "../api/words";
import { NO_NUMBER, useNumbers } from "../format/numbers";
import { NumberButton } from "../insights/frame/NumberButton";
import type { ItemsLink } from "../url/reports";
import { AnswerBars } from "./AnswerBars";
import classes from "./Items.module.css";

interface ItemsTableProps {
  answer: ItemsAnswer;
  /** The item whose answers are shown. */
  shown: string | undefined;
  onShow: (item: string) => void;
  onOpen: (number: NonNullable<ItemsLink["open"]>) => void;
}

const COLUMNS = ["persons", "attempts", "correct", "shareCorrect", "difficulty", "discrimination", "average", "median", "responses"] as const;

/** Below this an item is known better by those who know the others less, or by nobody in particular. */
const DISCRIMINATION_LOW = 0.1;

/** A row per item, most attempted first; each shows its answers. */
export function ItemsTable({ answer, shown, onShow, onOpen }: ItemsTableProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <>
      <div className="tm-scroll">
        <table className="tm-table" aria-label={t("nav.items")}>
          <thead>
            <tr>
              <th scope="col">{t("items.item")}</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className="tm-number" title={t(`items.note.${column}`)}>
                  {t(`items.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.items.map((item) => (
              <Fragment key={item.item}>
                <tr data-open-able>
                  <th scope="row" className={classes.item}>
                    <button type="button" className={classes.name} aria-expanded={shown === item.item} onClick={() => onShow(item.item)}>
                      {item.item}
                    </button>
                  </th>
                  <Numbers item={item} onOpen={onOpen} />
                </tr>
                {shown === item.item && (
                  <tr>
                    <td colSpan={COLUMNS.length + 1} className={classes.answers}>
                      <AnswerBars item={item} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {answer.count > answer.items.length && (
        <p className={classes.more}>
          {t("web.more", { shown: numbers.full(answer.items.length), of: numbers.full(answer.count) })}
        </p>
      )}
    </>
  );
}

function Numbers({ item, onOpen }: { item: ItemRow; onOpen: ItemsTableProps["onOpen"] }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const share = (value: number | null | undefined) => (value === null || value === undefined ? NO_NUMBER : numbers.percent(value));
  const opener = (count: number, correct?: true) =>
    count > 0 ? () => onOpen({ item: item.item, ...(correct ? { correct } : {}) }) : undefined;
  const counted = (count: number, what: "persons" | "attempts" | "correct") => (
    <td className="tm-number">
      <NumberButton
        text={numbers.full(count)}
        of={`${item.item}, ${t(`items.${what}`)}`}
        onOpen={opener(count, what === "correct" ? true : undefined)}
      />
    </td>
  );
  const { discrimination } = item;
  const doubtful = discrimination !== null && discrimination !== undefined && discrimination < DISCRIMINATION_LOW;
  return (
    <>
      {counted(item.persons, "persons")}
      {counted(item.attempts, "attempts")}
      {counted(item.correct, "correct")}
      <td className="tm-number">{share(item.share_correct)}</td>
      <td className="tm-number">{numbers.full(item.difficulty)}</td>
      <td className="tm-number" title={doubtful ? t("items.doubtful") : undefined}>
        {doubtful && (
          <span className={classes.doubt}>
            <span aria-hidden="true">⚠ </span>
            <span className="tm-visually-hidden">{t("items.doubtful")} </span>
          </span>
        )}
        {numbers.full(discrimination)}
      </td>
      <td className="tm-number">{numbers.duration(item.average_s)}</td>
      <td className="tm-number">{numbers.duration(item.median_s)}</td>
      <td className="tm-number">{numbers.full(item.responses)}</td>
    </>
  );
}
