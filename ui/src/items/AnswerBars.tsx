import { useTranslation } from "react-i18next";
import type { ItemAnswer, ItemRow } from "../api/words";
import { useNumbers } from "../format/numbers";
import { valueName } from "../insights/frame/kind";
import { answerText } from "./answerText";
import classes from "./Items.module.css";

/** What was answered, and what was chosen on the way; wrong answers are the distractors. */
export function AnswerBars({ item }: { item: ItemRow }) {
  const { t } = useTranslation();
  return (
    <div className={classes.halves}>
      <Bars title={t("items.answers")} of={item.item} answers={item.answers} />
      {item.choices.length > 0 && <Bars title={t("items.choices")} of={item.item} answers={item.choices} />}
    </div>
  );
}

function Bars({ title, of, answers }: { title: string; of: string; answers: readonly ItemAnswer[] }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  if (answers.length === 0) return <p className="tm-quiet">{t("items.noAnswers")}</p>;
  const judged = answers.some(({ correct }) => correct !== null && correct !== undefined);
  return (
    <table className="tm-table" aria-label={`${title}, ${of}`}>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col" className="tm-number">
            {t("items.count")}
          </th>
          <th scope="col" className="tm-number">
            {t("items.share")}
          </th>
          {judged && (
            <th scope="col" className="tm-number">
              {t("items.correct")}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {answers.map((answer) => (
          <tr key={answer.value}>
            <th scope="row" className={classes.answer}>
              <span className={classes.bar} data-right={(answer.correct ?? 0) > 0 || undefined} style={{ width: `${answer.share * 100}%` }} />
              <span className={classes.text}>{answer.value === "(none)" ? valueName(t, answer.value) : answerText(answer.value)}</span>
            </th>
            <td className="tm-number">{numbers.full(answer.count)}</td>
            <td className="tm-number">{numbers.percent(answer.share)}</td>
            {judged && <td className="tm-number">{numbers.full(answer.correct)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
