/** Constraints of domains, for functions that make values of them (json_populate_record). */
import { ExecContext, StatementContext } from '../../exec/context.ts';
import { evaluatorOf } from '../../exec/interpret/evaluator.ts';
import { emptyRow } from '../../exec/operators/sources.ts';
import { constant } from '../../sql/bind/constants.ts';
import { checkDomain } from '../../sql/bind/domains.ts';
import { Level } from '../../sql/bind/level.ts';
import { BindState } from '../../sql/bind/state.ts';
import { domainBase } from '../../types/sql-type.ts';
import { runningOf, type SessionService } from './service.ts';

export const domainServices: Readonly<Record<string, SessionService>> = {
  /** The value, or 23502 / 23514. */
  checkDomain(session, [oid, value = null]) {
    const txn = runningOf(session);
    const catalog = session.catalogOf(txn);
    const domain = catalog.userType(oid as number);
    if (domain === undefined) return value;
    const level = new Level(new BindState(session.bindEnv(catalog)), null);
    const expr = checkDomain(level, constant(value, domainBase(domain), -1), domain);
    const statement = new StatementContext({
      view: session.readView(txn),
      params: [],
      eval: session.evalContext,
    });
    return evaluatorOf(expr)(emptyRow, 0, new ExecContext(statement, [], new Map()));
  },
};
