/** Made by `npm run types` from the server's OpenAPI document. Do not edit. */

export interface paths {
    "/api/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes the demo project and starts to fill it in the background, or goes on with one that was not filled to its end.
         * @description There is at most one demo: a second call gives the same project, whatever size it asks for.
         */
        post: operations["demo_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Logs in: sets the cookie. */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Logs out: ends the login and removes the cookie. */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The member who asks, the organisation and the projects. */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes the member's own name, language or password; a new password ends their other logins. */
        patch: operations["change_me"];
        trace?: never;
    };
    "/api/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the members. */
        get: operations["members_list"];
        put?: never;
        /** Adds a member. */
        post: operations["members_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a member with their logins and tokens. */
        delete: operations["members_remove"];
        options?: never;
        head?: never;
        /** Changes a member; there is always an owner. */
        patch: operations["members_update"];
        trace?: never;
    };
    "/api/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Names the organisation, or renames it. */
        post: operations["organization_name_organization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the projects that a member or token may see. */
        get: operations["projects_list"];
        put?: never;
        /** Makes a project and its first write key. */
        post: operations["projects_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One project. */
        get: operations["projects_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a project. */
        patch: operations["projects_update"];
        trace?: never;
    };
    "/api/projects/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the actions. */
        get: operations["actions_list"];
        put?: never;
        /** Makes an action. */
        post: operations["actions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/actions/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One action. */
        get: operations["actions_get"];
        put?: never;
        post?: never;
        /** Deletes an action; questions that name it are wrong from then on. */
        delete: operations["actions_remove"];
        options?: never;
        head?: never;
        /** Changes an action; what questions count with it changes at once, for the past too. */
        patch: operations["actions_update"];
        trace?: never;
    };
    "/api/projects/{id}/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Event names and properties of a project, most frequent first. */
        get: operations["questions_catalogue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/catalogue/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Frequent values of a property among recent events, or of a person property among all persons. */
        get: operations["questions_values"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/cohorts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the cohorts. */
        get: operations["cohorts_list"];
        put?: never;
        /** Makes a cohort: by a rule, out of a list, or of the people behind a number. */
        post: operations["cohorts_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/cohorts/{cohort}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One cohort. */
        get: operations["cohorts_get"];
        put?: never;
        post?: never;
        /** Deletes a cohort; questions and cohorts that name it are wrong from then on. */
        delete: operations["cohorts_remove"];
        options?: never;
        head?: never;
        /** Changes a cohort. */
        patch: operations["cohorts_update"];
        trace?: never;
    };
    "/api/projects/{id}/cohorts/{cohort}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replaces the list of a listed cohort by that of a file: CSV with the ids in its first column, a header `distinct_id`
         *     may stand above them; or just an id per line. At most 100 000.
         */
        put: operations["cohorts_upload"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/cohorts/{cohort}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of a cohort as it is now, a page at a time. */
        get: operations["cohorts_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/cohorts/size": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many persons a rule takes now, before it is saved. */
        post: operations["cohorts_size"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/dashboards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the dashboards. */
        get: operations["dashboards_list"];
        put?: never;
        /** Makes a dashboard. */
        post: operations["dashboards_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/dashboards/{dashboard}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dashboard. */
        get: operations["dashboards_get"];
        put?: never;
        post?: never;
        /** Deletes a dashboard; `PATCH {"deleted": false}` brings it back. */
        delete: operations["dashboards_remove"];
        options?: never;
        head?: never;
        /** Changes a dashboard, or brings a deleted one back. */
        patch: operations["dashboards_update"];
        trace?: never;
    };
    "/api/projects/{id}/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the demo is filled; `none` for a project that is no demo. */
        get: operations["demo_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The events of a project as a file. A download that breaks off is not whole; ask again. */
        get: operations["export_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/failed-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that failed in the last seven days. */
        get: operations["outcomes_failed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/failed-events/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries failed events again, under the rules of now. */
        post: operations["outcomes_retry_failed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/insights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the saved insights. */
        get: operations["insights_list"];
        put?: never;
        /** Saves an insight. */
        post: operations["insights_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/insights/{insight}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One saved insight. */
        get: operations["insights_get"];
        put?: never;
        post?: never;
        /** Deletes an insight; `PATCH {"deleted": false}` brings it back. */
        delete: operations["insights_remove"];
        options?: never;
        head?: never;
        /** Changes an insight, or brings a deleted one back. */
        patch: operations["insights_update"];
        trace?: never;
    };
    "/api/projects/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the keys of a project, revoked ones too. */
        get: operations["keys_list"];
        put?: never;
        /** Makes a key. */
        post: operations["keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a key: whoever still sends with it is refused from now on. */
        delete: operations["keys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events as they are stored (`event: event`), and what was not (`event: notkept`); `event: missed` tells how many
         *     batches a slow reader lost.
         */
        get: operations["live_watch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/merges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The merge log, and what was refused. */
        get: operations["persons_merges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/merges/{seq}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes a merge: the ids are two persons again, for all events at once. */
        post: operations["persons_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of the events of a project. */
        get: operations["outcomes_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The people behind one number of an answer, a page at a time. */
        post: operations["questions_people"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/persons/{distinct_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The person behind a distinct_id. */
        get: operations["persons_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answers a question about a project's events.
         * @description Who accepts `text/event-stream` is told while the answer takes long: `event: progress` with `{"read": …, "planned": …}`
         *     in rows every 100 ms, then `event: answer`, or `event: error` with what the body of an error would be. Closing the
         *     connection ends the question.
         */
        post: operations["questions_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/sql": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers one SELECT over a frozen snapshot of a project; CSV and Parquet are downloads. */
        post: operations["sql_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/sql/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tables and columns of a project, without asking anything. */
        get: operations["sql_schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{id}/summaries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The workflow summaries of a range as JSON lines, a `SUMMARY` event each: all of them, or an error that says to narrow. */
        get: operations["export_summaries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the first owner must still be created. */
        get: operations["setup_state"];
        put?: never;
        /** Creates the owner and logs them in; only while no member exists. */
        post: operations["setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the member's own tokens. */
        get: operations["tokens_list"];
        put?: never;
        /** Makes a token; the answer is the only place where it stands. */
        post: operations["tokens_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a token away. */
        delete: operations["tokens_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process runs. Always 200: restarting it helps no full disk. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events can be taken: 200; else 503 with the reason. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An action to be made. */
        ActionInput: {
            /** @description What it is good for. */
            description?: string;
            /** @description 1 to 200 characters. */
            name: string;
            /** @description Checked; at most 50. */
            steps: components["schemas"]["ActionStep"][];
        };
        /** @description Which action a question means: the number of one of the project's, or the name of a built-in one. */
        ActionRef: components["schemas"]["i64"] | string;
        /** @description Actions of a project. */
        Actions: {
            /** @description By name. */
            actions: components["schemas"]["ActionView"][];
            /** @description Those that every project has. */
            built_in: components["schemas"]["BuiltInAction"][];
        };
        /** @description One way to be of the action: all that is set must hold. Nothing set: no event. */
        ActionStep: {
            /**
             * @description Event name.
             * @default null
             */
            event?: string | null;
            /**
             * @description Conditions; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /** @default null */
            href?: components["schemas"]["TextMatch"] | null;
            /**
             * @description CSS selector that the element, or one around it, passes: types, ids, classes, attributes, descendants, children.
             * @default null
             */
            selector?: string | null;
            /**
             * @description Tag of the element or of one around it: `button`.
             * @default null
             */
            tag_name?: string | null;
            /** @default null */
            text?: components["schemas"]["TextMatch"] | null;
            /** @default null */
            url?: components["schemas"]["TextMatch"] | null;
        };
        /** @description What changes of an action. */
        ActionUpdate: {
            /** @description New description. */
            description?: string | null;
            /** @description New name. */
            name?: string | null;
            /** @description New steps; checked. */
            steps?: components["schemas"]["ActionStep"][] | null;
        };
        /** @description An action as shown. */
        ActionView: {
            /** @description RFC 3339. */
            created_at: string;
            /** @description What it is good for. */
            description: string;
            /** @description Number; what a question's `action` says. */
            id: components["schemas"]["i64"];
            /** @description Name. */
            name: string;
            /** @description An event is of the action if it is of one of these. */
            steps: components["schemas"]["ActionStep"][];
            /** @description RFC 3339. */
            updated_at: string;
        };
        /** @description What the return events of a cell come to. */
        Aggregate: {
            /** @description How it is reckoned. */
            math: components["schemas"]["AggregateMath"];
            /** @description Of `sum` and `avg`: the flattened key of a numeric property. */
            property?: string | null;
        };
        /**
         * @description What is reckoned of return events.
         * @enum {string}
         */
        AggregateMath: "count" | "sum" | "avg";
        /** @description An answer; `kind` as in its question. */
        Answer: (components["schemas"]["TrendsAnswer"] & {
            /** @enum {string} */
            kind: "trends";
        }) | (components["schemas"]["FunnelAnswer"] & {
            /** @enum {string} */
            kind: "funnel";
        }) | (components["schemas"]["RetentionAnswer"] & {
            /** @enum {string} */
            kind: "retention";
        }) | (components["schemas"]["StickinessAnswer"] & {
            /** @enum {string} */
            kind: "stickiness";
        }) | (components["schemas"]["LifecycleAnswer"] & {
            /** @enum {string} */
            kind: "lifecycle";
        }) | (components["schemas"]["CorrelationAnswer"] & {
            /** @enum {string} */
            kind: "correlation";
        }) | (components["schemas"]["PathsAnswer"] & {
            /** @enum {string} */
            kind: "paths";
        }) | (components["schemas"]["WebAnswer"] & {
            /** @enum {string} */
            kind: "web";
        }) | (components["schemas"]["ItemsAnswer"] & {
            /** @enum {string} */
            kind: "items";
        }) | (components["schemas"]["WorkflowAnswer"] & {
            /** @enum {string} */
            kind: "workflow";
        }) | (components["schemas"]["SessionsAnswer"] & {
            /** @enum {string} */
            kind: "sessions";
        }) | (components["schemas"]["EventsAnswer"] & {
            /** @enum {string} */
            kind: "events";
        });
        /**
         * @description Which event of a person gives the value of the breakdown.
         * @enum {string}
         */
        Attribution: "first_touch" | "last_touch" | "all_events" | "step";
        /** @description Split by a property. */
        Breakdown: {
            /** @description Up to two more properties. The value of a row is then the JSON list of their texts, null where one is missing. */
            and?: components["schemas"]["BreakdownBy"][];
            /**
             * Format: int32
             * @description Of trends: the numbers in so many bins of equal width from the least to the greatest, at most 100. What is no number
             *     is `(none)`.
             */
            bins?: number | null;
            /** @description In place of a property: a row for each of these cohorts, in this order; 0 is everybody. A person may be in several. */
            cohorts?: components["schemas"]["i64"][];
            /** @description Whether the `(other)` row is left out. */
            hide_other?: boolean;
            /**
             * Format: int32
             * @description How many values are shown before `(other)`; 25 when absent, at most 1 000.
             */
            limit?: number | null;
            /** @description The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`. Empty with `cohorts`. */
            property: string;
            /** @description Whose property it is; the event's when absent. */
            type?: components["schemas"]["Scope"];
        };
        /** @description One more property of a breakdown. */
        BreakdownBy: {
            /**
             * Format: int32
             * @description Of trends: as in the breakdown.
             */
            bins?: number | null;
            /** @description The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`. */
            property: string;
            /** @description Whose property it is; the event's when absent. */
            type?: components["schemas"]["Scope"];
        };
        /** @description One bucket of the answer. */
        Bucket: {
            /** @description Whether the bucket contains now, so that its numbers may still grow. */
            incomplete?: boolean;
            /** @description Local start: `2026-01-31` for days, weeks and months; with time and offset for hours and minutes. */
            label: string;
            /** @description The same start, RFC 3339 UTC. */
            start_utc: string;
        };
        /** @description A built-in action. */
        BuiltInAction: {
            /** @description Its event names. */
            events: string[];
            /** @description As people read it, in English. */
            label: string;
            /** @description What a question's `action` says. */
            name: string;
        };
        /** @description Event names and properties of a project. */
        Catalogue: {
            /** @description Most frequent first, then by name. */
            events: components["schemas"]["EventEntry"][];
            /** @description Whether there are more event names than are listed: at most 2 000 are. */
            more_events?: boolean;
            /** @description Whether there are more properties than are listed: at most 10 000 are, of events and of persons each. */
            more_properties?: boolean;
            /** @description Properties of persons, those of most persons first, then by name. */
            person_properties: components["schemas"]["PersonPropertyEntry"][];
            /** @description Most frequent first, then by name. */
            properties: components["schemas"]["PropertyEntry"][];
        };
        /** @description Which number of an answer. Each kind of question uses its own fields and refuses the others. */
        Cell: {
            /**
             * @description Where the question has a breakdown: the value of the row, as the answer shows it. Item analysis: the item.
             *     Correlation: the value of the factor; absent for all persons of the funnel.
             * @default null
             */
            breakdown_value?: string | null;
            /**
             * Format: int32
             * @description Trends, lifecycle, the trend of a funnel: the position of the bucket, from 0; of trends absent for the total. Times to
             *     convert: the position of the bin.
             * @default null
             */
            bucket?: number | null;
            /**
             * Format: int32
             * @description Retention: the column from 0. Stickiness: the number of active buckets, from 1.
             * @default null
             */
            column?: number | null;
            /**
             * @description The trend of a funnel: only who converted. Item analysis: only right attempts. Correlation: only who converted, or
             *     with `false` who dropped out; both when absent.
             * @default null
             */
            converted?: boolean | null;
            /** @default null */
            period?: components["schemas"]["PeriodLabel"] | null;
            /**
             * @description Correlation: the property of the factor, where it has one.
             * @default null
             */
            property?: string | null;
            /**
             * Format: int32
             * @description Retention: the row from 0.
             * @default null
             */
            row?: number | null;
            /**
             * Format: int32
             * @description Trends, stickiness: the position of the series, from 0.
             * @default null
             */
            series?: number | null;
            /**
             * @description Paths: source of an edge; alone, the node at which paths end.
             * @default null
             */
            source?: string | null;
            /** @default null */
            status?: components["schemas"]["Status"] | null;
            /**
             * Format: int32
             * @description Funnel: the step from 1; negative: who dropped there.
             * @default null
             */
            step?: number | null;
            /** @default null */
            table?: components["schemas"]["WebTable"] | null;
            /**
             * @description Paths: target of an edge.
             * @default null
             */
            target?: string | null;
        };
        /**
         * @description The three claims.
         * @enum {string}
         */
        ClaimKind: "identify" | "alias" | "merge_dangerously";
        /** @description Rewrites items. */
        Cleaning: {
            /** @description By this text. */
            alias: string;
            /** @description RE2 pattern; every match is replaced. */
            regex: string;
        };
        /** @description A cohort to be made, with one of `rule`, `members` and `people`. */
        CohortInput: {
            /** @description What it is good for. */
            description?: string;
            /** @description The persons behind these distinct_ids, at most 100 000; a file of them goes to `PUT …/members`. */
            members?: string[] | null;
            /** @description 1 to 200 characters. */
            name: string;
            people?: components["schemas"]["PeopleQuestion"] | null;
            rule?: components["schemas"]["CohortRule"] | null;
        };
        /** @description A page of the people of a cohort. */
        CohortPeople: {
            /** @description When this was found out, RFC 3339 UTC. */
            counted_at: string;
            /**
             * Format: int32
             * @description Pass as `after` for the next page; absent on the last page.
             */
            next?: number | null;
            /** @description The distinct_ids that stand for them, in the order in which the store first met them. */
            people: string[];
            /**
             * Format: int64
             * @description How many there are on all pages: the size of the cohort.
             */
            persons: number;
        };
        /** @description Who is in a dynamic cohort. An empty `all` or `any` is nobody. */
        CohortRule: {
            /** @description Whoever is in all of these. */
            all: components["schemas"]["CohortRule"][];
        } | {
            /** @description Whoever is in one of these. */
            any: components["schemas"]["CohortRule"][];
        } | {
            /** @description Everybody else. */
            not: components["schemas"]["CohortRule"];
        } | {
            /** @description Who has this person property, as it is now. */
            person: components["schemas"]["Filter"];
        } | {
            /** @description Who is in another cohort. */
            cohort: components["schemas"]["i64"];
        } | {
            /** @description Who did something, perhaps several times. */
            performed: components["schemas"]["Performed"];
        } | {
            /** @description Who did something for the first time in all history, within the period. */
            first_time: components["schemas"]["FirstTime"];
        } | {
            /** @description Who did one thing and then another. */
            sequence: components["schemas"]["Sequence"];
        } | {
            /** @description Who did something in most of the last days, weeks or months. */
            regularly: components["schemas"]["Regularly"];
        } | {
            /** @description Who did something in the longer period, and not in the recent one. */
            stopped: components["schemas"]["Lapse"];
        } | {
            /** @description Who did something in the recent period, not in the rest of the longer one, but had done it before. */
            restarted: components["schemas"]["Lapse"];
        };
        /** @description Cohorts of a project. */
        Cohorts: {
            /** @description By name. */
            cohorts: components["schemas"]["CohortView"][];
        };
        /** @description What changes of a cohort. */
        CohortUpdate: {
            /** @description New description. */
            description?: string | null;
            /** @description New list; only of a cohort that has one. */
            members?: string[] | null;
            /** @description New name. */
            name?: string | null;
            rule?: components["schemas"]["CohortRule"] | null;
        };
        /** @description A cohort as shown. */
        CohortView: {
            /** @description RFC 3339. */
            created_at: string;
            /** @description What it is good for. */
            description: string;
            /** @description Number; what `in_cohort` and `cohorts` say. */
            id: components["schemas"]["i64"];
            /**
             * Format: int64
             * @description How many distinct_ids are listed; 0 with a rule. How many persons they are says the list of people.
             */
            listed: number;
            /** @description Name. */
            name: string;
            rule?: components["schemas"]["CohortRule"] | null;
            /** @description RFC 3339. */
            updated_at: string;
        };
        /** @description The period beside the one that was asked for. */
        Compare: {
            /**
             * @description `-1w`, `-2d`, `-1m`, `-1y`: both ends so much earlier. Absent: as many buckets, ending before the first; of `wStart`,
             *     `mStart`, `qStart` and `yStart` to now the whole unit before.
             * @default null
             */
            to?: string | null;
        };
        /** @description The answer of a correlation. */
        CorrelationAnswer: {
            /**
             * Format: int64
             * @description Persons who did the last step.
             */
            converted: number;
            /**
             * Format: int64
             * @description Persons who did the first step and not the last.
             */
            dropped: number;
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description What goes along with dropping out, least odds ratio first. */
            failure: components["schemas"]["Factor"][];
            /** @description One of the two is empty, or less than a tenth of the other: too few to say much. */
            skewed: boolean;
            /** @description What goes along with converting, greatest odds ratio first. */
            success: components["schemas"]["Factor"][];
        };
        /**
         * @description What may go along with converting.
         * @enum {string}
         */
        CorrelationBy: "events" | "event_properties" | "person_properties";
        /** @description What goes along with getting through a funnel, and with dropping out of it. */
        CorrelationQuestion: {
            /**
             * @description What is looked at.
             * @default events
             */
            by?: components["schemas"]["CorrelationBy"];
            /**
             * @description Of `event_properties`: the event; none of the steps' own.
             * @default null
             */
            event?: string | null;
            /**
             * @description Event names, or values, that are left out.
             * @default []
             */
            exclude?: string[];
            /**
             * @description The funnel, in its view `steps` and without breakdown.
             * @default {
             *       "interval": "day",
             *       "order": "ordered",
             *       "steps": [],
             *       "view": "steps"
             *     }
             */
            funnel?: components["schemas"]["FunnelQuestion"];
            /**
             * Format: int32
             * @description Factors of either list, at most; 10 when absent, at most 100.
             * @default null
             */
            limit?: number | null;
            /**
             * Format: int64
             * @description Factors of fewer persons are left out; when absent 25, or 2 % of all persons if that is less.
             * @default null
             */
            persons_min?: number | null;
            /**
             * @description Of both kinds of properties: the flattened keys, 1 to 10.
             * @default []
             */
            properties?: string[];
        };
        /**
         * @description How the number of events in a bucket is compared.
         * @enum {string}
         */
        CountIs: "gte" | "lte" | "exact";
        /**
         * @description How a number of events compares.
         * @enum {string}
         */
        CountOperator: "exact" | "gte" | "gt" | "lte" | "lt";
        /** @description The five counters. `received = stored + duplicate + failed + not_kept`, always. */
        Counts: {
            /**
             * Format: int64
             * @description Were rows already.
             */
            duplicate: number;
            /**
             * Format: int64
             * @description Were wrong.
             */
            failed: number;
            /**
             * Format: int64
             * @description Were not to be kept.
             */
            not_kept: number;
            /**
             * Format: int64
             * @description All events.
             */
            received: number;
            /**
             * Format: int64
             * @description Became rows.
             */
            stored: number;
        };
        /** @description E-mail address and password. */
        Credentials: {
            /** @description Address. */
            email: string;
            /** @description Password. */
            password: string;
        };
        /** @description What makes a bucket active. */
        Criterion: {
            /** @description How its events are compared. */
            operator: components["schemas"]["CountIs"];
            /**
             * Format: int32
             * @description With what, at least 1.
             */
            value: number;
        };
        /** @description A dashboard to be made. */
        DashboardInput: {
            /** @description What it is good for. */
            description?: string;
            /** @description 1 to 200 characters. */
            name: string;
            /** @description Its tiles. */
            tiles?: components["schemas"]["TileInput"][];
        };
        /** @description Dashboards of a project. */
        Dashboards: {
            /** @description By name. */
            dashboards: components["schemas"]["DashboardView"][];
        };
        /** @description What changes of a dashboard. */
        DashboardUpdate: {
            /** @description `false` brings a deleted dashboard back. */
            deleted?: boolean | null;
            /** @description New description. */
            description?: string | null;
            /** @description New name. */
            name?: string | null;
            /** @description All tiles from now on. */
            tiles?: components["schemas"]["TileInput"][] | null;
        };
        /** @description A dashboard as shown. */
        DashboardView: {
            /** @description RFC 3339. */
            created_at: string;
            /** @description What it is good for. */
            description: string;
            /** @description Number. */
            id: components["schemas"]["i64"];
            /** @description Name. */
            name: string;
            /** @description From top to bottom, then from left to right. */
            tiles: components["schemas"]["TileView"][];
            /** @description RFC 3339. */
            updated_at: string;
        };
        /** @description Counters of one UTC day. */
        DayOutcome: components["schemas"]["Counts"] & {
            /** @description `2026-11-23`. */
            day: string;
        };
        /** @description How large a demo; may be left out. */
        DemoInput: {
            /**
             * Format: int32
             * @description Days up to today, 2 to 400; 90 when absent.
             * @default null
             */
            days?: number | null;
            /**
             * Format: int32
             * @description Persons, 1 to 100 000; 100 000 when absent.
             * @default null
             */
            persons?: number | null;
        };
        /**
         * @description How a demo is.
         * @enum {string}
         */
        DemoState: "none" | "running" | "done" | "failed";
        /** @description How far a demo is filled. */
        DemoView: {
            /** @description Why it failed. */
            error?: string | null;
            /**
             * Format: int64
             * @description Events sent and acknowledged.
             */
            sent: number;
            /** @description How it is. */
            state: components["schemas"]["DemoState"];
            /**
             * Format: int64
             * @description Events in the end; 0 while they are being counted.
             */
            total: number;
        };
        /**
         * @description The protocol an event came in.
         * @enum {string}
         */
        Dialect: "sunbird" | "posthog" | "native";
        /**
         * @description How a trend is drawn; it changes no number.
         * @enum {string}
         */
        Display: "line" | "bar" | "stacked" | "area" | "table" | "number";
        /** @description Paths that end at a node although they could go on. */
        DropOff: {
            /**
             * Format: int64
             * @description Paths whose last item it is.
             */
            count: number;
            /** @description As in edges. */
            node: string;
        };
        /** @description One way from an item to the next. */
        Edge: {
            /**
             * Format: double
             * @description Mean seconds between the two.
             */
            average_s: number;
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
            /**
             * Format: int64
             * @description By how many persons.
             */
            persons: number;
            /** @description `1_/home`: position from 1, item. */
            source: string;
            /** @description `2_/fees`. */
            target: string;
        };
        /** @description One event name. */
        EventEntry: {
            /**
             * Format: int64
             * @description Events of that name.
             */
            count: number;
            /** @description event_at of the earliest, RFC 3339 UTC. */
            first_seen: string;
            /** @description event_at of the latest, RFC 3339 UTC. */
            last_seen: string;
            /** @description The name. */
            name: string;
        };
        /** @description Events by name and conditions. */
        EventMatch: {
            /** @default null */
            action?: components["schemas"]["ActionRef"] | null;
            /**
             * @description Event name; null or absent takes all events.
             * @default null
             */
            event?: string | null;
            /**
             * @description Conditions; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * @description What it is called; the event name when absent.
             * @default null
             */
            label?: string | null;
        };
        /** @description One event as shown. */
        EventRow: {
            /** @description Protocol it came in. */
            dialect: components["schemas"]["Dialect"];
            /** @description As sent. */
            distinct_id: string;
            /** @description Name. */
            event: string;
            /** @description RFC 3339 UTC with microseconds. */
            event_at: string;
            /** @description Level under which it was kept. */
            level: components["schemas"]["Level"];
            /** @description The person after merging: the distinct_id that stands for them. */
            person: string;
            /** @description Flattened properties. */
            properties: {
                [key: string]: Record<string, never>;
            };
            /** @description RFC 3339 UTC with microseconds. */
            received_at: string;
            /** @description As sent. */
            session_id?: string | null;
            /** @description Identity. */
            uuid: string;
        };
        /** @description A page of events. */
        EventsAnswer: {
            /** @description Newest first by `(event_at, uuid)`. */
            events: components["schemas"]["EventRow"][];
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description Pass as `after` for the next page; absent on the last page. */
            next?: string | null;
        };
        /** @description Which events. */
        EventsQuestion: {
            /** @default null */
            action?: components["schemas"]["ActionRef"] | null;
            /**
             * @description `next` of the page before.
             * @default null
             */
            after?: string | null;
            /**
             * @description As in trends; default `-24h`.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description Only this event name.
             * @default null
             */
            event?: string | null;
            /**
             * @description Conditions; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * Format: int32
             * @description Page size; default 100, at most 1 000.
             * @default null
             */
            limit?: number | null;
            /**
             * @description Only events of the person behind this distinct_id, after merging.
             * @default null
             */
            person?: string | null;
        };
        /** @description An event that must not happen between two steps. */
        Exclusion: {
            /** @default null */
            action?: components["schemas"]["ActionRef"] | null;
            /**
             * @description Event name; null or absent takes all events.
             * @default null
             */
            event?: string | null;
            /**
             * @description Conditions; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * Format: int32
             * @description Not after this step, from 1; the first when absent.
             * @default null
             */
            from_step?: number | null;
            /**
             * Format: int32
             * @description And before this one; the last when absent.
             * @default null
             */
            to_step?: number | null;
        };
        /** @description How an answer was made; stands in every answer. */
        Explain: {
            /** @description The now of relative dates, RFC 3339 UTC. */
            asked_at?: string | null;
            /**
             * @description Whether the answer was kept from an earlier question of the same kind, range and data. The rows are then those that
             *     were looked at for that one.
             */
            cached?: boolean;
            /** @description The definition of the number in one sentence. */
            definition: string;
            /** @description Start of the range, inclusive, RFC 3339 UTC. */
            from_utc: string;
            /**
             * Format: double
             * @description Wall time, milliseconds.
             */
            milliseconds: number;
            /**
             * Format: int64
             * @description Rows that were looked at.
             */
            rows_read: number;
            /**
             * Format: int64
             * @description Which snapshot answered; grows with every change of the data.
             */
            snapshot: number;
            /** @description End of the range, inclusive, RFC 3339 UTC. */
            to_utc: string;
            /** @description What the asker should know: incomplete filters that were ignored, damaged files that were left out. */
            warnings?: string[];
        };
        /** @description One factor: an event, or a value of a property. */
        Factor: {
            /**
             * Format: int64
             * @description Persons with it who converted.
             */
            converted: number;
            /**
             * Format: int64
             * @description Persons with it who dropped out.
             */
            dropped: number;
            /**
             * Format: double
             * @description How many times the odds of converting are those of persons without it; above 1 in `success`, below in `failure`.
             */
            odds_ratio: number;
            /**
             * Format: double
             * @description Upper end of it. Where the interval holds 1, chance alone may be the reason.
             */
            odds_ratio_high: number;
            /**
             * Format: double
             * @description Lower end of its 95 % confidence interval.
             */
            odds_ratio_low: number;
            /** @description The key of the property; absent where the factor is an event. */
            property?: string | null;
            /** @description The name of the event, or the value. */
            value: string;
        };
        /** @description A page of failed events. */
        FailedPage: {
            /** @description Newest first. */
            failed: components["schemas"]["FailedView"][];
            /** @description Pass as `after` for the next page. */
            next?: string | null;
        };
        /** @description A failed event as shown. */
        FailedView: {
            /** @description The path of the wrong field and what is allowed. */
            detail: string;
            /** @description Protocol it came in. */
            dialect: components["schemas"]["Dialect"];
            /** @description Event name as far as it could be read. */
            event: string;
            /** @description Number within the project, as text. */
            id: string;
            /** @description What was sent; absent when the level forbids keeping it. */
            payload?: string | null;
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            /** @description RFC 3339. */
            received_at: string;
            /** @description When it was tried again, RFC 3339. */
            retried_at?: string | null;
        };
        /** @description One condition or a group of them: either `property` with `operator` and `value`, or `type` with `values`. */
        Filter: {
            /** @default null */
            operator?: components["schemas"]["Operator"] | null;
            /**
             * @description The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`.
             * @default null
             */
            property?: string | null;
            /**
             * @description Of a group: `AND` or `OR`. Of a condition: whose property it is, `event` (also when absent) or
             *     `person`; of `in_cohort` and `not_in_cohort` it may say `cohort`, and `value` has the cohort's number or several.
             * @default null
             */
            type?: string | null;
            /** @description What it is compared to: text, number, boolean, or a list where the operator takes one. */
            value?: Record<string, never> | null;
            /**
             * @description Of a group: its members. An empty group is true.
             * @default null
             */
            values?: components["schemas"]["Filter"][] | null;
        };
        /** @description Who did something for the first time. */
        FirstTime: {
            /**
             * @description What. The first event of that name must pass the filters.
             * @default {}
             */
            event?: components["schemas"]["EventMatch"];
            /**
             * @description When.
             * @default {}
             */
            when?: components["schemas"]["When"];
        };
        /**
         * @description How an answer is written.
         * @enum {string}
         */
        Format: "json" | "csv" | "parquet";
        /** @description The answer of a funnel; one of `rows`, `time_to_convert` and `trend` is there, as the view says. */
        FunnelAnswer: {
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description Of `steps`: one row, or one per value of the breakdown. */
            rows?: components["schemas"]["FunnelRow"][] | null;
            /** @description What the steps are called. */
            steps: string[];
            time_to_convert?: components["schemas"]["TimeToConvert"] | null;
            /** @description Of `trend`. */
            trend?: components["schemas"]["FunnelBucket"][] | null;
        };
        /** @description Split of a funnel. */
        FunnelBreakdown: {
            /**
             * @description Up to two more properties. The value of a row is then the JSON list of their texts, null where one is missing.
             * @default []
             */
            and?: components["schemas"]["BreakdownBy"][];
            /**
             * @description Which event gives the value.
             * @default first_touch
             */
            attribution?: components["schemas"]["Attribution"];
            /**
             * @description In place of a property: a row for each of these cohorts, in this order; 0 is everybody. A person may be in several.
             * @default []
             */
            cohorts?: components["schemas"]["i64"][];
            /**
             * @description Whether the `(other)` row is left out.
             * @default false
             */
            hide_other?: boolean;
            /**
             * Format: int32
             * @description How many values are shown before `(other)`; 25 when absent, at most 1 000.
             * @default null
             */
            limit?: number | null;
            /**
             * @description The flattened key of a property, or one of the columns `event`, `distinct_id`, `session_id`. Empty with `cohorts`.
             * @default
             */
            property?: string;
            /**
             * Format: int32
             * @description The step of the attribution `step`, from 1.
             * @default null
             */
            step?: number | null;
            /**
             * @description Whose property it is; the event's when absent. A person's is the same on all events: no attribution changes it.
             * @default event
             */
            type?: components["schemas"]["Scope"];
        };
        /** @description One bucket of the historical trend. */
        FunnelBucket: components["schemas"]["Bucket"] & {
            /**
             * Format: int64
             * @description Persons who reached `to_step`.
             */
            converted: number;
            /**
             * Format: int64
             * @description Persons who reached `from_step`.
             */
            entered: number;
            /**
             * Format: double
             * @description Percent, two decimals; 0 when nobody entered.
             */
            rate: number;
        };
        /**
         * @description How steps must follow each other.
         * @enum {string}
         */
        FunnelOrder: "ordered" | "strict" | "unordered";
        /** @description Paths of those who did a step of a funnel: one each, beside that step of their run. */
        FunnelPaths: {
            /**
             * @description The funnel, in its view `steps` and without breakdown; its dates are those of the paths.
             * @default {
             *       "interval": "day",
             *       "order": "ordered",
             *       "steps": [],
             *       "view": "steps"
             *     }
             */
            funnel?: components["schemas"]["FunnelQuestion"];
            /**
             * @description Where the paths lie.
             * @default before
             */
            side?: components["schemas"]["PathSide"];
            /**
             * Format: int32
             * @description The step from 1; from 2 for `between`.
             * @default 0
             */
            step?: number;
        };
        /** @description A funnel of 2 to 20 steps. */
        FunnelQuestion: {
            /**
             * Format: int32
             * @description Of `time_to_convert`: how many bins, clamped to 1 to 90; by the number of conversions when absent.
             * @default null
             */
            bins?: number | null;
            /** @default null */
            breakdown?: components["schemas"]["FunnelBreakdown"] | null;
            /**
             * @description As in trends; default `-7d`.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description What must not happen between steps.
             * @default []
             */
            exclusions?: components["schemas"]["Exclusion"][];
            /**
             * @description Of `trend`: do not widen `date_from` to its week or month.
             * @default false
             */
            explicitDate?: boolean;
            /**
             * @description Conditions on every event; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * Format: int32
             * @description Of `time_to_convert` and `trend`: the first step that matters, from 1; 1 when absent.
             * @default null
             */
            from_step?: number | null;
            /**
             * @description Of `trend`: bucket width.
             * @default day
             */
            interval?: components["schemas"]["Interval"];
            /**
             * @description How they must follow each other.
             * @default ordered
             */
            order?: components["schemas"]["FunnelOrder"];
            /**
             * @description The steps.
             * @default []
             */
            steps?: components["schemas"]["FunnelStep"][];
            /**
             * Format: int32
             * @description Of `time_to_convert` and `trend`: the last step that matters; the last when absent.
             * @default null
             */
            to_step?: number | null;
            /**
             * @description What is shown.
             * @default steps
             */
            view?: components["schemas"]["FunnelView"];
            /** @default null */
            window?: components["schemas"]["Window"] | null;
        };
        /** @description One row: all persons, or one value of the breakdown. */
        FunnelRow: {
            /** @description Text, `(none)` or `(other)`; absent without breakdown. */
            breakdown_value?: string | null;
            /** @description One per step. */
            steps: components["schemas"]["StepNumbers"][];
        };
        /** @description One step. */
        FunnelStep: {
            /** @default null */
            action?: components["schemas"]["ActionRef"] | null;
            /**
             * @description Event name; null or absent takes all events.
             * @default null
             */
            event?: string | null;
            /**
             * @description Conditions; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * @description What the step is called; the event name when absent.
             * @default null
             */
            label?: string | null;
            /**
             * @description Which of a person's matching events count.
             * @default any
             */
            occurrence?: components["schemas"]["Occurrence"];
            /**
             * @description Counted when done, never required. Only of ordered funnels, not the first or last step.
             * @default false
             */
            optional?: boolean;
        };
        /**
         * @description What of a funnel is shown.
         * @enum {string}
         */
        FunnelView: "steps" | "time_to_convert" | "trend";
        /** Format: int64 */
        i64: number;
        /** @description An insight to be saved. */
        InsightInput: {
            /** @description What it is good for. */
            description?: string;
            /** @description 1 to 200 characters. */
            name: string;
            /** @description The question; checked. */
            question: components["schemas"]["Question"];
        };
        /** @description Saved insights of a project. */
        Insights: {
            /** @description By name. */
            insights: components["schemas"]["InsightView"][];
        };
        /** @description What changes of an insight. */
        InsightUpdate: {
            /** @description `false` brings a deleted insight back. */
            deleted?: boolean | null;
            /** @description New description. */
            description?: string | null;
            /** @description New name. */
            name?: string | null;
            question?: components["schemas"]["Question"] | null;
        };
        /** @description A saved insight as shown. */
        InsightView: {
            /** @description RFC 3339. */
            created_at: string;
            /** @description Name of who saved it first. */
            created_by?: string | null;
            /** @description What it is good for. */
            description: string;
            /** @description Number. */
            id: components["schemas"]["i64"];
            /** @description Name. */
            name: string;
            /** @description The question. */
            question: components["schemas"]["Question"];
            /** @description RFC 3339. */
            updated_at: string;
        };
        /**
         * @description Width of a bucket of a trend, in the project's time zone.
         * @enum {string}
         */
        Interval: "minute" | "hour" | "day" | "week" | "month";
        /** @description One answer of one item. */
        ItemAnswer: {
            /**
             * Format: int64
             * @description How often it was right; absent of responses, which nobody has judged.
             */
            correct?: number | null;
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
            /**
             * Format: double
             * @description Of all answers of the item, 0 to 1.
             */
            share: number;
            /** @description As JSON text, as the client sent it; `(none)` where it sent none. */
            value: string;
        };
        /** @description One item. */
        ItemRow: {
            /** @description What was answered in attempts, most frequent first. */
            answers: components["schemas"]["ItemAnswer"][];
            /**
             * Format: int64
             * @description How often it was attempted.
             */
            attempts: number;
            /**
             * Format: double
             * @description Mean seconds of an attempt; null when no attempt has a duration.
             */
            average_s?: number | null;
            /** @description What they were, most frequent first. */
            choices: components["schemas"]["ItemAnswer"][];
            /**
             * Format: int64
             * @description How many attempts were right.
             */
            correct: number;
            /**
             * Format: double
             * @description Mean of score by greatest score; near 1 is easy. Null when no attempt has a score.
             */
            difficulty?: number | null;
            /**
             * Format: double
             * @description Whether those who know the other items know this one: from −1 to 1; null when nothing can be said.
             */
            discrimination?: number | null;
            /** @description Its id. */
            item: string;
            /**
             * Format: double
             * @description Their median.
             */
            median_s?: number | null;
            /**
             * Format: int64
             * @description Who attempted it.
             */
            persons: number;
            /**
             * Format: int64
             * @description How many responses there were: choices made on the way to an attempt, or without one.
             */
            responses: number;
            /**
             * Format: double
             * @description `correct` of `attempts`, 0 to 1; null without attempts.
             */
            share_correct?: number | null;
        };
        /** @description The answer of item analysis. */
        ItemsAnswer: {
            /**
             * Format: int64
             * @description How many items there are, shown or not.
             */
            count: number;
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description By attempts, then by responses, most first, then by id. */
            items: components["schemas"]["ItemRow"][];
        };
        /** @description The items of a range. */
        ItemsQuestion: {
            /**
             * Format: int32
             * @description Answers of one item that are shown; 10 when absent, at most 100.
             * @default null
             */
            answers?: number | null;
            /**
             * @description As in trends; default `-7d`.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description Conditions on the events; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * Format: int32
             * @description Items that are shown; 50 when absent, at most 1 000.
             * @default null
             */
            limit?: number | null;
        };
        /** @description A key to be made. */
        KeyInput: {
            /** @description What it is for. */
            kind: components["schemas"]["KeyKind"];
            /** @description What people call it. */
            name: string;
        };
        /**
         * @description What a key is for.
         * @enum {string}
         */
        KeyKind: "write" | "secret";
        /** @description Keys of a project. */
        Keys: {
            /** @description Newest first. */
            keys: components["schemas"]["KeyView"][];
        };
        /** @description A key as shown. */
        KeyView: {
            /** @description RFC 3339. */
            created_at: string;
            /** @description Number. */
            id: components["schemas"]["i64"];
            /** @description The whole key: always of a write key, of a secret key only in the answer that made it. */
            key?: string | null;
            /** @description What it is for. */
            kind: components["schemas"]["KeyKind"];
            /** @description RFC 3339. */
            last_used_at?: string | null;
            /** @description Name. */
            name: string;
            /** @description First characters. */
            prefix: string;
            /** @description It is refused since then, RFC 3339. */
            revoked_at?: string | null;
        };
        /**
         * @description The four types of a value; also the physical columns of a property.
         * @enum {string}
         */
        Kind: "text" | "number" | "bool" | "json";
        /**
         * @description The language of the page.
         * @enum {string}
         */
        Language: "en" | "hi";
        /** @description Who did something in one period and not in another. */
        Lapse: {
            /** @description What. */
            event: components["schemas"]["EventMatch"];
            /** @description The longer period. */
            longer: components["schemas"]["Last"];
            /** @description The recent one, which must be shorter. */
            recent: components["schemas"]["Last"];
        };
        /** @description The last `count` units, to now, on the project's calendar. */
        Last: {
            /**
             * Format: int32
             * @description At least 1.
             */
            count: number;
            /** @description Of which length. */
            unit?: components["schemas"]["PeriodUnit"];
        };
        /**
         * @description How much an organisation chose to keep. Unknown means lower.
         * @enum {string}
         */
        Level: "security" | "basic" | "enhanced" | "full";
        /** @description The answer of a lifecycle. Each list has one number per bucket. */
        LifecycleAnswer: {
            /** @description All buckets from first to last. */
            buckets: components["schemas"]["Bucket"][];
            /** @description Not active, but in the bucket before; negative or 0. */
            dormant: number[];
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description Bucket width. */
            interval: components["schemas"]["Interval"];
            /** @description Active, and seen for the first time ever in this bucket. */
            new: number[];
            /** @description Active, and not in the bucket before. */
            resurrecting: number[];
            /** @description Active, and active in the bucket before. */
            returning: number[];
        };
        /** @description Lifecycle of the persons of one series. */
        LifecycleQuestion: {
            /**
             * @description As in trends; default `-7d`.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description With week and month buckets: do not widen `date_from` to its bucket's start.
             * @default false
             */
            explicitDate?: boolean;
            /**
             * @description Conditions; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * @description Bucket width.
             * @default day
             */
            interval?: components["schemas"]["Interval"];
            /**
             * @description What makes a person active.
             * @default {}
             */
            series?: components["schemas"]["EventMatch"];
        };
        /**
         * @description How a text is compared.
         * @enum {string}
         */
        Matching: "exact" | "contains" | "regex";
        /**
         * @description How the events of a bucket become one number.
         * @enum {string}
         */
        Math: "total" | "dau" | "weekly_active" | "monthly_active" | "unique_session" | "unique_group" | "first_time_for_user" | "first_matching_event_for_user" | "avg_count_per_actor" | "min_count_per_actor" | "max_count_per_actor" | "median_count_per_actor" | "p75_count_per_actor" | "p90_count_per_actor" | "p95_count_per_actor" | "p99_count_per_actor" | "sum" | "avg" | "min" | "max" | "median" | "p75" | "p90" | "p95" | "p99";
        /** @description Who is logged in, and what they see. */
        Me: {
            /** @description The member. */
            member: components["schemas"]["MemberView"];
            organization?: components["schemas"]["OrganizationView"] | null;
            /** @description All projects within reach. */
            projects: components["schemas"]["ProjectView"][];
        };
        /** @description What a member may change of themself. */
        MeChange: {
            language?: components["schemas"]["Language"] | null;
            /** @description New name. */
            name?: string | null;
            password?: components["schemas"]["PasswordChange"] | null;
        };
        /** @description A member to be added. */
        MemberInput: {
            /** @description Address they log in with. */
            email: string;
            /** @description Name. */
            name: string;
            /** @description First password, at least 10 characters; tell it to them and have them change it. */
            password: string;
            /** @description What they may do; not above your own role. */
            role: components["schemas"]["Role"];
        };
        /** @description All members. */
        Members: {
            /** @description By name. */
            members: components["schemas"]["MemberView"][];
        };
        /** @description What changes of a member. */
        MemberUpdate: {
            /** @description New name. */
            name?: string | null;
            role?: components["schemas"]["Role"] | null;
        };
        /** @description A member as shown. */
        MemberView: {
            /** @description When they were added, RFC 3339. */
            created_at: string;
            /** @description Address. */
            email: string;
            /** @description Number. */
            id: components["schemas"]["i64"];
            /** @description Language of the page. */
            language: components["schemas"]["Language"];
            /** @description When they logged in last, RFC 3339. */
            last_login_at?: string | null;
            /** @description Name. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
        };
        /** @description Merges and refusals of a project. */
        Merges: {
            /** @description Newest first. */
            merges: components["schemas"]["MergeView"][];
            /** @description Newest first, the last 1 000. */
            warnings: components["schemas"]["WarningView"][];
        };
        /** @description A merge that was done. */
        MergeView: {
            /** @description When the claim was made, RFC 3339. */
            at: string;
            /** @description The uuid of the event that claimed it. */
            event: string;
            /** @description The id that joined it. */
            from: string;
            /** @description The id that stayed. */
            into: string;
            /** @description What claimed it. */
            kind: components["schemas"]["ClaimKind"];
            /**
             * Format: int64
             * @description Number within the project.
             */
            seq: number;
            /** @description When, RFC 3339. */
            undone_at?: string | null;
            /** @description Who undid it. */
            undone_by?: string | null;
        };
        /** @description A name. */
        NamedOrganization: {
            /** @description 1 to 200 characters. */
            name: string;
        };
        /** @description The owner to be. */
        NewOwner: {
            /** @description Address they log in with. */
            email: string;
            /** @description As people call them. */
            name: string;
            /** @description At least 10 characters. */
            password: string;
        };
        /**
         * @description Which of a person's matching events count.
         * @enum {string}
         */
        Occurrence: "any" | "first_ever" | "first_matching";
        /**
         * @description How a property is compared. `not_*` is always the exact complement of its positive.
         * @enum {string}
         */
        Operator: "exact" | "is_not" | "icontains" | "not_icontains" | "starts_with" | "ends_with" | "regex" | "not_regex" | "gt" | "gte" | "lt" | "lte" | "between" | "not_between" | "min" | "max" | "in" | "not_in" | "is_set" | "is_not_set" | "is_date_exact" | "is_date_before" | "is_date_after" | "semver_eq" | "semver_neq" | "semver_gt" | "semver_gte" | "semver_lt" | "semver_lte" | "semver_tilde" | "semver_caret" | "semver_wildcard" | "is_cleaned_path_exact" | "in_cohort" | "not_in_cohort";
        /** @description The organisation as shown. */
        OrganizationView: {
            /**
             * Format: int64
             * @description Number.
             */
            id: number;
            /** @description Name. */
            name: string;
        };
        /**
         * @description The two ways of not being stored, besides being a duplicate.
         * @enum {string}
         */
        Outcome: "failed" | "not_kept";
        /** @description What became of every event of a project. */
        OutcomesView: components["schemas"]["Counts"] & {
            /** @description The last days with events, oldest first. */
            days: components["schemas"]["DayOutcome"][];
            /** @description What was not stored, most frequent first. */
            reasons: components["schemas"]["ReasonCount"][];
            /** @description What the never-list removed. */
            removed_fields: components["schemas"]["RemovedFields"][];
        };
        /** @description The present and the new password. */
        PasswordChange: {
            /** @description The present one. */
            current: string;
            /** @description The new one, at least 10 characters. */
            new: string;
        };
        /**
         * @description Which events make the items of a path.
         * @enum {string}
         */
        PathKind: "pages" | "screens" | "events";
        /** @description The answer of paths. */
        PathsAnswer: {
            /** @description One per node of the edges, by node. */
            drop_offs: components["schemas"]["DropOff"][];
            /** @description Most frequent first, then by source and target. */
            edges: components["schemas"]["Edge"][];
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
        };
        /**
         * @description On which side of a funnel's step paths lie.
         * @enum {string}
         */
        PathSide: "before" | "after" | "between";
        /** @description Paths of the range. */
        PathsQuestion: {
            /**
             * @description Applied in order.
             * @default []
             */
            cleaning?: components["schemas"]["Cleaning"][];
            /**
             * @description As in trends; default `-7d`.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * Format: int64
             * @description Edges with more occurrences are left out.
             * @default null
             */
            edges_max?: number | null;
            /**
             * Format: int64
             * @description Edges with fewer occurrences are left out.
             * @default null
             */
            edges_min?: number | null;
            /**
             * @description Paths end at this item.
             * @default null
             */
            end?: string | null;
            /**
             * @description Items that are left out.
             * @default []
             */
            exclude?: string[];
            /**
             * @description Conditions; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /** @default null */
            funnel?: components["schemas"]["FunnelPaths"] | null;
            /**
             * @description Patterns with `*` for any text; the first that fits a whole item replaces it.
             * @default []
             */
            groups?: string[];
            /**
             * @description Which events; pages when empty.
             * @default []
             */
            kinds?: components["schemas"]["PathKind"][];
            /**
             * Format: int32
             * @description How many edges are shown; 50 when absent, at most 1 000.
             * @default null
             */
            limit?: number | null;
            /**
             * @description Paths begin at this item.
             * @default null
             */
            start?: string | null;
            /**
             * Format: int32
             * @description Items of one path, at most; 5 when absent, 2 to 20.
             * @default null
             */
            steps?: number | null;
        };
        /** @description A page of people. */
        PeopleAnswer: {
            /**
             * Format: int64
             * @description The sum of their counts.
             */
            count: number;
            /** @description How the number was made. */
            explain: components["schemas"]["Explain"];
            /** @description Pass as `after` for the next page; absent on the last page. */
            next?: string | null;
            /** @description In the order in which the store first met them. */
            people: components["schemas"]["PersonRow"][];
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            persons: number;
        };
        /** @description Asks for the people behind one number. */
        PeopleQuestion: {
            /** @description `next` of the page before. */
            after?: string | null;
            /** @description `explain.asked_at` of the answer, so that relative dates mean the same; now when absent. */
            asked_at?: string | null;
            /** @description Which number. */
            cell: components["schemas"]["Cell"];
            /**
             * Format: int32
             * @description People on one page; default 100, at most 1 000.
             */
            limit?: number | null;
            /** @description The question that the number answers. */
            question: components["schemas"]["Question"];
        };
        /** @description Who did something. */
        Performed: {
            /**
             * @description What.
             * @default {}
             */
            event?: components["schemas"]["EventMatch"];
            /** @default null */
            times?: components["schemas"]["Times"] | null;
            /**
             * @description When.
             * @default {}
             */
            when?: components["schemas"]["When"];
        };
        /**
         * @description Length of one interval.
         * @enum {string}
         */
        Period: "hour" | "day" | "week" | "month";
        /**
         * @description Which period a line is of.
         * @enum {string}
         */
        PeriodLabel: "current" | "previous";
        /**
         * @description Unit of a period.
         * @enum {string}
         */
        PeriodUnit: "hour" | "day" | "week" | "month";
        /** @description One property of persons. */
        PersonPropertyEntry: {
            /** @description The flattened key. */
            name: string;
            /**
             * Format: int64
             * @description Persons who have it now.
             */
            persons: number;
        };
        /** @description One person of the list. */
        PersonRow: {
            /**
             * Format: int64
             * @description How many of their events, or ways along an edge, count in the number; 1 where persons are counted.
             */
            count: number;
            /** @description Funnels: the events that fill the steps of their run, by uuid. */
            events?: string[];
            /** @description The distinct_id that stands for them. */
            person: string;
        };
        /** @description A person after merging. */
        PersonView: {
            /** @description First seen, RFC 3339. */
            created_at: string;
            /** @description All ids of the person. */
            distinct_ids: string[];
            /** @description Whether an identify, alias or merge named them. */
            identified: boolean;
            /** @description The distinct_id that stands for the person. */
            person: string;
            /** @description Properties as they are now. */
            properties: {
                [key: string]: Record<string, never>;
            };
        };
        /**
         * Format: int32
         * @description The number of a project; isolates everything.
         */
        ProjectId: number;
        /** @description A project to be made. */
        ProjectInput: {
            /** @description Sunbird channels. */
            channels?: string[];
            /** @description What may be kept: chosen, never assumed. */
            level: components["schemas"]["Level"];
            /** @description Name of the app. */
            name: string;
            /** @description IANA name; `Asia/Kolkata` when absent. */
            time_zone?: string | null;
            /** @description Monday when absent. */
            week_start?: components["schemas"]["WeekStart"];
        };
        /** @description Projects. */
        Projects: {
            /** @description By name. */
            projects: components["schemas"]["ProjectView"][];
        };
        /** @description What changes of a project. */
        ProjectUpdate: {
            /** @description All channels from now on. */
            channels?: string[] | null;
            level?: components["schemas"]["Level"] | null;
            /** @description New name. */
            name?: string | null;
            sunbird_validation?: components["schemas"]["SunbirdValidation"] | null;
            /** @description New time zone, IANA. */
            time_zone?: string | null;
            week_start?: components["schemas"]["WeekStart"] | null;
        };
        /** @description A project as shown. */
        ProjectView: {
            /** @description Sunbird channels whose events are of this project. */
            channels: string[];
            /** @description RFC 3339. */
            created_at: string;
            /** @description Whether any event is stored. */
            has_events: boolean;
            /** @description Number. */
            id: components["schemas"]["ProjectId"];
            /** @description What is kept. */
            level: components["schemas"]["Level"];
            /** @description Name. */
            name: string;
            /** @description How strictly Sunbird events are checked. */
            sunbird_validation: components["schemas"]["SunbirdValidation"];
            /** @description IANA name. */
            time_zone: string;
            /** @description First day of a week. */
            week_start: components["schemas"]["WeekStart"];
            /** @description A public key that may only write; absent when all are revoked. */
            write_key?: string | null;
        };
        /** @description One property. */
        PropertyEntry: {
            /**
             * Format: int64
             * @description Events that have it.
             */
            count: number;
            /** @description The flattened key. */
            name: string;
            /** @description Up to 5 values of recent events, cut at 100 characters. */
            samples: string[];
            /** @description The types that its values have, the most frequent first. */
            types: components["schemas"]["Kind"][];
        };
        /** @description A question, as `POST /api/projects/{id}/query` takes it; `kind` says which. */
        Question: (components["schemas"]["TrendsQuestion"] & {
            /** @enum {string} */
            kind: "trends";
        }) | (components["schemas"]["FunnelQuestion"] & {
            /** @enum {string} */
            kind: "funnel";
        }) | (components["schemas"]["RetentionQuestion"] & {
            /** @enum {string} */
            kind: "retention";
        }) | (components["schemas"]["StickinessQuestion"] & {
            /** @enum {string} */
            kind: "stickiness";
        }) | (components["schemas"]["LifecycleQuestion"] & {
            /** @enum {string} */
            kind: "lifecycle";
        }) | (components["schemas"]["CorrelationQuestion"] & {
            /** @enum {string} */
            kind: "correlation";
        }) | (components["schemas"]["PathsQuestion"] & {
            /** @enum {string} */
            kind: "paths";
        }) | (components["schemas"]["WebQuestion"] & {
            /** @enum {string} */
            kind: "web";
        }) | (components["schemas"]["ItemsQuestion"] & {
            /** @enum {string} */
            kind: "items";
        }) | (components["schemas"]["WorkflowQuestion"] & {
            /** @enum {string} */
            kind: "workflow";
        }) | (components["schemas"]["SessionsQuestion"] & {
            /** @enum {string} */
            kind: "sessions";
        }) | (components["schemas"]["EventsQuestion"] & {
            /** @enum {string} */
            kind: "events";
        });
        /** @description Whether the server does its work. */
        Readiness: {
            /** @description Rows in memory that are in no segment file yet; they are in the WAL. */
            buffer_rows: number;
            /** @description Damaged files that were set aside. */
            quarantined: number;
            /** @description Why not, when not. */
            reason?: string | null;
            /** @description Segment files. */
            segment_files: number;
            /**
             * Format: int64
             * @description Rows in segment files.
             */
            segment_rows: number;
            /** @description `ready`, `read_only` or `stopped`. */
            status: string;
            /** @description Version of the server. */
            version: string;
            /**
             * Format: int64
             * @description Bytes of the WAL.
             */
            wal_bytes: number;
        };
        /**
         * @description Why. The code is stable: it stands in metrics, the API and the docs.
         * @enum {string}
         */
        Reason: "not_an_object" | "missing_event_name" | "event_name_too_long" | "unknown_event_type" | "missing_distinct_id" | "missing_field" | "invalid_field" | "extra_field" | "unsupported_version" | "invalid_timestamp" | "invalid_uuid" | "invalid_properties" | "invalid_options" | "event_too_large" | "too_deep" | "number_out_of_range" | "unreadable_batch" | "below_level" | "replay_off" | "foreign_key" | "cookieless_off" | "unsupported" | "personless_identity";
        /** @description How often one event name was not stored for one reason. */
        ReasonCount: {
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
            /** @description Event name; empty when it could not be read. */
            event: string;
            /** @description The last time, RFC 3339. */
            last_at: string;
            /** @description Failed or not kept. */
            outcome: components["schemas"]["Outcome"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
        };
        /**
         * @description What the percents of a row refer to.
         * @enum {string}
         */
        Reference: "total" | "previous";
        /** @description Who did something in at least `at_least` of the last `periods` periods that are over. */
        Regularly: {
            /**
             * Format: int32
             * @description In how many of them.
             */
            at_least: number;
            /** @description What. */
            event: components["schemas"]["EventMatch"];
            /** @description Length of one period; the last ends yesterday. */
            period: components["schemas"]["Last"];
            /**
             * Format: int32
             * @description How many periods, 1 to 100.
             */
            periods: number;
            times?: components["schemas"]["Times"] | null;
        };
        /** @description Fields that were taken out of stored events. */
        RemovedFields: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /** @description Why: `floor_violation:card`. */
            reason: string;
        };
        /** @description The answer of a retention. */
        RetentionAnswer: {
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description The intervals. */
            intervals: components["schemas"]["Bucket"][];
            /** @description Per value of the breakdown, in the order of the rows, the means over its rows. */
            means: components["schemas"]["RetentionMeans"][];
            /** @description By value of the breakdown, then by interval. */
            rows: components["schemas"]["RetentionRow"][];
        };
        /** @description Means per column over the rows of one value; cells that may still grow are left out. Null: no row has such a cell. */
        RetentionMeans: {
            /** @description As in rows. */
            breakdown_value?: string | null;
            /** @description Mean of the percents of rows that are not empty. */
            simple: (number | null)[];
            /** @description Percent: sum of the cells over the sum of the sizes of their rows. */
            weighted: (number | null)[];
        };
        /** @description Retention over `intervals` periods that end with the one that holds `date_to`. */
        RetentionQuestion: {
            /** @default null */
            aggregate?: components["schemas"]["Aggregate"] | null;
            /** @default null */
            breakdown?: components["schemas"]["Breakdown"] | null;
            /**
             * @description A cell counts who came back then or later.
             * @default false
             */
            cumulative?: boolean;
            /**
             * @description Last instant; as in trends, default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description Conditions on every event; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * Format: int32
             * @description How many intervals; 8 when absent, 1 to 100.
             * @default null
             */
            intervals?: number | null;
            /**
             * Format: int32
             * @description Return events that an interval needs; 1 when absent.
             * @default null
             */
            minimum_occurrences?: number | null;
            /**
             * @description Length of one interval.
             * @default day
             */
            period?: components["schemas"]["Period"];
            /**
             * @description What percents refer to.
             * @default total
             */
            reference?: components["schemas"]["Reference"];
            /** @default null */
            return_event?: components["schemas"]["EventMatch"] | null;
            /**
             * @description Windows of elapsed time from each person's first start event, instead of calendar intervals.
             * @default false
             */
            rolling?: boolean;
            /**
             * @description Which start events.
             * @default recurring
             */
            start?: components["schemas"]["Start"];
            /**
             * @description What puts a person into a row.
             * @default {}
             */
            start_event?: components["schemas"]["EventMatch"];
        };
        /** @description One row: the persons who started in one interval. */
        RetentionRow: {
            /** @description The value of the breakdown, `(none)` or `(other)`; absent without breakdown. */
            breakdown_value?: string | null;
            /** @description Column j: persons who came back j intervals later; column 0 is the size of the row. Null in the future. */
            cells: (number | null)[];
            /** @description The cells as percents of what the question refers to; 0 where that is 0. */
            percents: (number | null)[];
            /**
             * Format: int32
             * @description The interval from 0.
             */
            row: number;
            /**
             * @description Where an aggregate is asked for, that of each cell: over all return events that the persons of the row have so many
             *     intervals later. Null in the future, and for a mean of no number.
             */
            values?: (number | null)[] | null;
        };
        /** @description Which failed events to try again: one of the three. */
        RetryInput: {
            /** @description All that were not tried again yet. */
            all?: boolean;
            /** @description These. */
            ids?: string[];
            reason?: components["schemas"]["Reason"] | null;
        };
        /** @description What became of the retried events. */
        RetryResult: {
            /**
             * Format: int64
             * @description Were rows already.
             */
            duplicate: number;
            /**
             * Format: int64
             * @description Failed again.
             */
            failed: number;
            /**
             * Format: int64
             * @description Are not to be kept.
             */
            not_kept: number;
            /**
             * Format: int64
             * @description Became rows.
             */
            stored: number;
            /**
             * Format: int64
             * @description How many were tried.
             */
            tried: number;
        };
        /**
         * @description What a member may do. Ordered: a higher role may do all that a lower one may.
         * @enum {string}
         */
        Role: "viewer" | "member" | "admin" | "owner";
        /** @description A rule as it stands, saved or not. */
        RuleInput: {
            /** @description The cohort that it is to be the rule of, if there is one: a rule that leads back to it is wrong. */
            cohort?: components["schemas"]["i64"];
            /** @description Whom it takes; checked. */
            rule: components["schemas"]["CohortRule"];
        };
        /** @description How many persons a rule takes. */
        RuleSize: {
            /** @description When this was found out, RFC 3339 UTC. */
            counted_at: string;
            /**
             * Format: int64
             * @description Persons.
             */
            persons: number;
        };
        /**
         * @description Whose property it is.
         * @enum {string}
         */
        Scope: "event" | "person";
        /** @description Who did one thing and then another. */
        Sequence: {
            /** @description What first. */
            event: components["schemas"]["EventMatch"];
            /** @description What then. */
            then: components["schemas"]["EventMatch"];
            /** @description When both. */
            when?: components["schemas"]["When"];
            /** @description Within how long, inclusive. */
            within: components["schemas"]["Window"];
        };
        /** @description One line of a trend. */
        Series: {
            /** @default null */
            action?: components["schemas"]["ActionRef"] | null;
            /**
             * @description Event name; null or absent counts all events.
             * @default null
             */
            event?: string | null;
            /**
             * @description Conditions on this series only; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * Format: int32
             * @description The group type of `unique_group`, 0 to 4.
             * @default null
             */
            group?: number | null;
            /**
             * @description What the line is called; made from event and math when absent.
             * @default null
             */
            label?: string | null;
            /**
             * @description How its events become a number.
             * @default total
             */
            math?: components["schemas"]["Math"];
            /**
             * @description The numeric property of `sum`, `avg` and so on.
             * @default null
             */
            property?: string | null;
        };
        /** @description One line of the answer. */
        SeriesAnswer: {
            /** @description The value of the breakdown: text, `(none)` or `(other)`; absent without breakdown. */
            breakdown_value?: string | null;
            compare_label?: components["schemas"]["PeriodLabel"] | null;
            /** @description One number per bucket; null where the math has no value. */
            data: (number | null)[];
            /** @description What it is called. */
            label: string;
            /**
             * Format: int32
             * @description The position of its series in the question, from 0; 0 of a formula.
             */
            series: number;
            /**
             * Format: double
             * @description Sum of `data`.
             */
            sum: number;
            /**
             * Format: double
             * @description The math over the whole range as one bucket, so distinct counts are de-duplicated.
             */
            total?: number | null;
        };
        /** @description One session. */
        SessionRow: {
            /** @description Whether it saw one page or screen, without a click, in less than 10 seconds; absent when it saw none. */
            bounce?: boolean | null;
            /** @description the browser, */
            browser?: string | null;
            /** @description Where it came from: `Organic Search`, `Direct`, `Referral` and so on. */
            channel: string;
            /**
             * Format: int64
             * @description `$autocapture` and `INTERACT`.
             */
            clicks: number;
            /** @description the country, */
            country?: string | null;
            /** @description the kind of device, */
            device?: string | null;
            /**
             * Format: int64
             * @description Whole seconds from the first event to the last.
             */
            duration_s: number;
            /** @description Its last event, RFC 3339 UTC. */
            end: string;
            /** @description Path of the first page, or the name of the first screen. */
            entry_page?: string | null;
            /** @description Address of the first page. */
            entry_url?: string | null;
            /**
             * Format: int64
             * @description All of its events.
             */
            events: number;
            /** @description Path of the last page, or the name of the last screen. */
            exit_page?: string | null;
            /** @description Address of the last page. */
            exit_url?: string | null;
            /** @description the language. */
            language?: string | null;
            /** @description the operating system, */
            os?: string | null;
            /**
             * Format: int64
             * @description `$pageview` and `IMPRESSION`.
             */
            pageviews: number;
            /** @description The person of its last event: the distinct_id that stands for them. */
            person: string;
            /** @description The first of its events that has each of these says it: the domain that linked here, */
            referring_domain?: string | null;
            /**
             * Format: int64
             * @description `$screen`.
             */
            screens: number;
            /** @description As sent; of an inferred session `i-` and the uuid of its first event. */
            session_id: string;
            /** @description Its first event, RFC 3339 UTC. */
            start: string;
            /** @description Whether it is longer than 24 hours, which no good client makes; such sessions are in no mean duration. */
            too_long?: boolean;
            /** @description `utm_campaign`, */
            utm_campaign?: string | null;
            /** @description `utm_content`, */
            utm_content?: string | null;
            /** @description `utm_medium`, */
            utm_medium?: string | null;
            /** @description `utm_source`, */
            utm_source?: string | null;
            /** @description `utm_term`, */
            utm_term?: string | null;
        };
        /** @description A page of sessions. */
        SessionsAnswer: {
            /**
             * Format: int32
             * @description The version of the table of domains and media behind `channel`.
             */
            channels_version: number;
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            count: number;
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description Pass as `after` for the next page; absent on the last page. */
            next?: string | null;
            /** @description By start, newest first; of equal starts by the uuid of the first event. */
            sessions: components["schemas"]["SessionRow"][];
        };
        /** @description Which sessions. */
        SessionsQuestion: {
            /**
             * @description `next` of the page before.
             * @default null
             */
            after?: string | null;
            /**
             * @description As in trends; default `-7d`. A session belongs to the range in which it starts.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description Conditions that one event of the session must pass, all of them.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * @description Events that came without a session are cut into sessions, too; without it they are in none.
             * @default false
             */
            infer_sessions?: boolean;
            /**
             * Format: int32
             * @description Page size; default 100, at most 1 000.
             * @default null
             */
            limit?: number | null;
            /**
             * @description Only sessions of the person behind this distinct_id, after merging.
             * @default null
             */
            person?: string | null;
        };
        /** @description Whether set-up is due. */
        SetupState: {
            /** @description No member exists yet: the first visitor creates the owner. */
            needed: boolean;
            /** @description Version of the server. */
            version: string;
        };
        /** @description An answer as JSON. */
        SqlAnswer: {
            /** @description Names and types. */
            columns: components["schemas"]["SqlColumn"][];
            /**
             * Format: int64
             * @description How long it took.
             */
            elapsed_ms: number;
            /** @description Each as many cells as there are columns: null, text, number or boolean. */
            rows: unknown[][];
            /**
             * Format: int64
             * @description The snapshot that was asked.
             */
            snapshot: number;
            /** @description Whether there are more rows. */
            truncated: boolean;
            /** @description What is missing from it. */
            warnings: string[];
        };
        /** @description One column of an answer. */
        SqlColumn: {
            /** @description As the query names it. */
            name: string;
            /** @description Type of its cells. */
            type: components["schemas"]["SqlType"];
        };
        /** @description A query. */
        SqlQuery: {
            /** @description How the answer comes; JSON when absent. */
            format?: components["schemas"]["Format"];
            /** @description Rows at most, up to 1 000 000; when absent 10 000 of JSON and all of a download. */
            rows_max?: number | null;
            /** @description One SELECT on `events`, `persons` and `distinct_ids`; at most 64 KiB. */
            sql: string;
        };
        /** @description What can be asked about. */
        SqlSchema: {
            /** @description Whether the program that answers is there. */
            available: boolean;
            /** @description The tables. */
            tables: components["schemas"]["SqlSchemaTable"][];
        };
        /** @description One column of a table. */
        SqlSchemaColumn: {
            /** @description What it holds. */
            description: string;
            /** @description Without quotes; names with dots or capitals need double quotes in a query. */
            name: string;
            /** @description Type of its cells. */
            type: components["schemas"]["SqlType"];
        };
        /** @description One table. */
        SqlSchemaTable: {
            /** @description In the order of `SELECT *`. */
            columns: components["schemas"]["SqlSchemaColumn"][];
            /** @description What its rows are. */
            description: string;
            /** @description As in FROM. */
            name: string;
        };
        /**
         * @description Type of the cells of a column.
         * @enum {string}
         */
        SqlType: "text" | "integer" | "number" | "boolean" | "timestamp" | "date" | "json" | "other";
        /**
         * @description Which start events put a person into a row.
         * @enum {string}
         */
        Start: "recurring" | "first_time" | "first_ever";
        /**
         * @description What a person is in a bucket.
         * @enum {string}
         */
        Status: "new" | "returning" | "resurrecting" | "dormant";
        /** @description One step in one row of the answer. */
        StepNumbers: {
            /**
             * Format: double
             * @description Mean seconds since the last required step before it; null for the first, for optional steps and when nobody did it.
             */
            average_s?: number | null;
            /**
             * Format: double
             * @description `count` as a share of the first step's; 0 when that is 0.
             */
            conversion: number;
            /**
             * Format: double
             * @description `count` as a share of the last required step before it; 0 when that is 0, 1 for a first step that anyone did.
             */
            conversion_of_previous: number;
            /**
             * Format: int64
             * @description Persons who did it.
             */
            count: number;
            /**
             * Format: int64
             * @description Persons who did the last required step before it, and not this one; 0 for the first.
             */
            dropped: number;
            /**
             * Format: double
             * @description Median of the same.
             */
            median_s?: number | null;
        };
        /** @description The answer of a stickiness. */
        StickinessAnswer: {
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description Bucket width. */
            interval: components["schemas"]["Interval"];
            /** @description One per series; of compared questions those of the other period behind them, with as many columns as it has buckets. */
            lines: components["schemas"]["StickinessLine"][];
        };
        /** @description One line. */
        StickinessLine: {
            compare_label?: components["schemas"]["PeriodLabel"] | null;
            /** @description Entry k - 1: persons with exactly k active buckets, or at least k when cumulative. */
            counts: number[];
            /** @description What it is called. */
            label: string;
            /**
             * Format: int64
             * @description Persons with at least one active bucket.
             */
            persons: number;
            /** @description `counts` as shares of `persons`; 0 when there are none. */
            shares: number[];
        };
        /** @description Stickiness of 1 to 26 series. */
        StickinessQuestion: {
            /** @default null */
            compare?: components["schemas"]["Compare"] | null;
            /** @default null */
            criterion?: components["schemas"]["Criterion"] | null;
            /**
             * @description Column k counts persons with k active buckets or more.
             * @default false
             */
            cumulative?: boolean;
            /**
             * @description As in trends; default `-7d`.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description With week and month buckets: do not widen `date_from` to its bucket's start.
             * @default false
             */
            explicitDate?: boolean;
            /**
             * @description Conditions on every series; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * @description Bucket width.
             * @default day
             */
            interval?: components["schemas"]["Interval"];
            /**
             * @description The lines.
             * @default []
             */
            series?: components["schemas"]["EventMatch"][];
        };
        /**
         * @description How strictly Sunbird events are held to their schemas.
         * @enum {string}
         */
        SunbirdValidation: "lenient" | "strict";
        /** @description A text that must match. */
        TextMatch: {
            /** @description How. */
            matching?: components["schemas"]["Matching"];
            /** @description What it is compared to. */
            value: string;
        };
        /** @description A tile to be put on a dashboard. */
        TileInput: {
            /**
             * Format: int32
             * @description Height, at least 1.
             */
            h: number;
            id?: components["schemas"]["i64"] | null;
            /** @description What it shows. */
            insight_id: components["schemas"]["i64"];
            /**
             * Format: int32
             * @description Width, 1 to 12.
             */
            w: number;
            /**
             * Format: int32
             * @description Left edge, 0 to 11.
             */
            x: number;
            /**
             * Format: int32
             * @description Upper edge.
             */
            y: number;
        };
        /** @description A tile: a saved insight at a place of a 12-column grid. */
        TileView: {
            /**
             * Format: int32
             * @description Height.
             */
            h: number;
            /** @description Number. */
            id: components["schemas"]["i64"];
            /** @description What it shows. */
            insight_id: components["schemas"]["i64"];
            /**
             * Format: int32
             * @description Width.
             */
            w: number;
            /**
             * Format: int32
             * @description Left edge.
             */
            x: number;
            /**
             * Format: int32
             * @description Upper edge.
             */
            y: number;
        };
        /** @description One bar of `time_to_convert`. */
        TimeBin: {
            /**
             * Format: int64
             * @description Conversions that took so long.
             */
            count: number;
            /**
             * Format: int64
             * @description Least seconds, inclusive; the next bin's are not.
             */
            from_s: number;
        };
        /** @description A number of events; who has none does not count, whatever the operator. */
        Times: {
            /** @description How it compares. */
            operator: components["schemas"]["CountOperator"];
            /**
             * Format: int32
             * @description At least 1.
             */
            value: number;
        };
        /** @description How long conversions took. */
        TimeToConvert: {
            /**
             * Format: double
             * @description Mean seconds; null when nobody converted.
             */
            average_s?: number | null;
            /** @description Bins without gaps; empty when nobody converted. */
            bins: components["schemas"]["TimeBin"][];
        };
        /** @description A token to be made. */
        TokenInput: {
            /** @description What it is for. */
            name: string;
            project_id?: components["schemas"]["ProjectId"] | null;
            /** @description At least one; the member's role limits it further. */
            scopes: components["schemas"]["Scope"][];
        };
        /** @description All of a member's tokens. */
        Tokens: {
            /** @description Newest first. */
            tokens: components["schemas"]["TokenView"][];
        };
        /** @description A token as shown, without the token. */
        TokenView: {
            /** @description When it was made, RFC 3339. */
            created_at: string;
            /** @description Number. */
            id: components["schemas"]["i64"];
            /** @description When it was used last, RFC 3339, to the minute. */
            last_used_at?: string | null;
            /** @description Name. */
            name: string;
            /** @description First characters. */
            prefix: string;
            project_id?: components["schemas"]["ProjectId"] | null;
            /** @description What it may be used for. */
            scopes: components["schemas"]["Scope"][];
            /** @description The whole token; only in the answer that made it. */
            token?: string | null;
        };
        /** @description The answer of a trend. */
        TrendsAnswer: {
            /** @description All buckets from first to last, without gaps. */
            buckets: components["schemas"]["Bucket"][];
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description Bucket width. */
            interval: components["schemas"]["Interval"];
            /** @description Of compared questions: the buckets of the other period; bucket i stands beside bucket i. */
            previous_buckets?: components["schemas"]["Bucket"][] | null;
            /** @description The lines: by period, series, then by rank of the breakdown value. */
            series: components["schemas"]["SeriesAnswer"][];
            /** @description Time zone of the buckets, IANA. */
            time_zone: string;
        };
        /** @description A trend: 1 to 26 series over a range of dates. */
        TrendsQuestion: {
            /** @default null */
            breakdown?: components["schemas"]["Breakdown"] | null;
            /** @default null */
            compare?: components["schemas"]["Compare"] | null;
            /**
             * @description Running sums; of distinct counts each is new only once. Not with every math, and not with smoothing.
             * @default false
             */
            cumulative?: boolean;
            /**
             * @description `2026-01-31`, an ISO date-time, `-7d`, `-24h`, `-3m`, `dStart`, `wStart`, `mStart`, `yStart`, `-1dStart`, `all`.
             *     Default `-7d`.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As `date_from`; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description How whoever shows the answer should draw it.
             * @default line
             */
            display?: components["schemas"]["Display"];
            /**
             * @description With week and month buckets: do not widen `date_from` to its bucket's start.
             * @default false
             */
            explicitDate?: boolean;
            /**
             * @description Conditions on every series; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * @description One line out of the series, which are called A, B, C… in their order: `A / B * 100`. Numbers, `+ - * / % **`, brackets.
             * @default null
             */
            formula?: string | null;
            /**
             * @description Bucket width.
             * @default day
             */
            interval?: components["schemas"]["Interval"];
            /**
             * @description The lines.
             * @default []
             */
            series?: components["schemas"]["Series"][];
            /**
             * Format: int32
             * @description Trailing mean over so many buckets.
             * @default null
             */
            smoothing?: number | null;
        };
        /** @description One value of a property. */
        ValueCount: {
            /**
             * Format: int64
             * @description How often it was seen in the rows that were looked at.
             */
            count: number;
            /** @description Its canonical text. */
            value: string;
        };
        /** @description Values of one property. */
        Values: {
            /** @description Most frequent first. */
            values: components["schemas"]["ValueCount"][];
        };
        /** @description A claim that was refused; its event was stored all the same. */
        WarningView: {
            /** @description When, RFC 3339. */
            at: string;
            /** @description Why. */
            code: string;
            /** @description The id of the event. */
            distinct_id: string;
            /** @description What claimed it. */
            kind: components["schemas"]["ClaimKind"];
            /** @description The id that would have joined it. */
            other: string;
        };
        /** @description The answer of web analytics. */
        WebAnswer: {
            change?: components["schemas"]["WebChange"] | null;
            /**
             * Format: int32
             * @description The version of the table of domains and media behind channels.
             */
            channels_version: number;
            /** @description Of all sessions. */
            current: components["schemas"]["WebNumbers"];
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            previous?: components["schemas"]["WebNumbers"] | null;
            /** @description The other period, both ends inclusive, RFC 3339 UTC. */
            previous_range?: [
                string,
                string
            ] | null;
            /** @description As asked. */
            tables: components["schemas"]["WebTableAnswer"][];
        };
        /** @description By how many percent the numbers changed, rounded; null where the other period has nothing to compare to. */
        WebChange: {
            /**
             * Format: int64
             * @description Of the bounce rate.
             */
            bounce_rate?: number | null;
            /**
             * Format: int64
             * @description Of the mean duration.
             */
            duration_s?: number | null;
            /**
             * Format: int64
             * @description Of sessions.
             */
            sessions?: number | null;
            /**
             * Format: int64
             * @description Of views.
             */
            views?: number | null;
            /**
             * Format: int64
             * @description Of visitors.
             */
            visitors?: number | null;
        };
        /** @description The numbers of some sessions. */
        WebNumbers: {
            /**
             * Format: double
             * @description Percent that bounced; of a page of the sessions that entered there; null when there are none.
             */
            bounce_rate?: number | null;
            /**
             * Format: double
             * @description Mean seconds from first event to last; null when there are none.
             */
            duration_s?: number | null;
            /**
             * Format: int64
             * @description How many there are.
             */
            sessions: number;
            /**
             * Format: int64
             * @description Pages and screens that they saw within the range; of a page how often it was seen.
             */
            views: number;
            /**
             * Format: int64
             * @description Distinct persons of their events; of a page those who saw it.
             */
            visitors: number;
        };
        /** @description The sessions of a range, counted and split. */
        WebQuestion: {
            /** @default null */
            compare?: components["schemas"]["Compare"] | null;
            /**
             * @description As in trends; default `-7d`. A session belongs to the range in which it starts.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description Conditions that one page view of the session must pass, all of them.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * @description Events that came without a session are cut into sessions, too; without it they are in none.
             * @default false
             */
            infer_sessions?: boolean;
            /**
             * Format: int32
             * @description Rows of one table, at most; 10 when absent, at most 1 000.
             * @default null
             */
            limit?: number | null;
            /**
             * @description Rows that a session must be in, all of them.
             * @default []
             */
            rows?: components["schemas"]["WebRowFilter"][];
            /**
             * @description Which tables; none when empty.
             * @default []
             */
            tables?: components["schemas"]["WebTable"][];
        };
        /** @description One row of a table. */
        WebRow: {
            /** @description Its numbers. */
            current: components["schemas"]["WebNumbers"];
            previous?: components["schemas"]["WebNumbers"] | null;
            /** @description What it is the row of; `(none)` for sessions without. */
            value: string;
        };
        /** @description A row of a table, as a condition on sessions. */
        WebRowFilter: {
            /** @description Which table. */
            table: components["schemas"]["WebTable"];
            /** @description The value of the row as the answer shows it; `(none)` for sessions without. */
            value: string;
        };
        /**
         * @description What the rows of a table are.
         * @enum {string}
         */
        WebTable: "pages" | "entry_pages" | "exit_pages" | "channels" | "sources" | "referring_domains" | "utm_sources" | "utm_media" | "utm_campaigns" | "utm_terms" | "utm_contents" | "devices" | "browsers" | "os" | "countries" | "languages";
        /** @description One table. */
        WebTableAnswer: {
            /**
             * Format: int64
             * @description How many rows there are, shown or not.
             */
            count: number;
            /** @description By visitors, then by views, most first, then by value; `(none)` last. */
            rows: components["schemas"]["WebRow"][];
            /** @description Which. */
            table: components["schemas"]["WebTable"];
        };
        /**
         * @description The first day of a week.
         * @enum {string}
         */
        WeekStart: "monday" | "sunday";
        /** @description When: `last`, or dates as in a question; nothing: ever. */
        When: {
            /**
             * @description As in trends.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends.
             * @default null
             */
            date_to?: string | null;
            /** @default null */
            last?: components["schemas"]["Last"] | null;
        };
        /** @description How long after step 1 a conversion counts, inclusive. */
        Window: {
            /**
             * Format: int32
             * @description How many units, at least 1.
             */
            count: number;
            /** @description Of which length. */
            unit?: components["schemas"]["WindowUnit"];
        };
        /**
         * @description Unit of a conversion window.
         * @enum {string}
         */
        WindowUnit: "second" | "minute" | "hour" | "day" | "week" | "month";
        /** @description The answer of workflows. */
        WorkflowAnswer: {
            /**
             * Format: int64
             * @description How many there are, shown or not.
             */
            count: number;
            /** @description How it was made. */
            explain: components["schemas"]["Explain"];
            /** @description By start, newest first, then by end, device, type and mode. */
            workflows: components["schemas"]["WorkflowRow"][];
        };
        /** @description One area of the app within a workflow. */
        WorkflowEnv: {
            /** @description Its name. */
            env: string;
            /**
             * Format: double
             * @description Seconds of its pages.
             */
            time_spent_s: number;
            /**
             * Format: int64
             * @description The most visits that one of its pages has.
             */
            visits: number;
        };
        /** @description One answer to an item within a workflow. */
        WorkflowItem: {
            /** @description What was answered, JSON text as sent. */
            answer?: string | null;
            /** @description RFC 3339 UTC. */
            at: string;
            /**
             * Format: int64
             * @description Whole seconds.
             */
            duration_s: number;
            /** @description Id of the item. */
            item: string;
            /**
             * Format: int64
             * @description Whole number; fractions are cut off.
             */
            max_score: number;
            /** @description As sent. */
            pass: string;
            /**
             * Format: int64
             * @description Whole number; fractions are cut off.
             */
            score: number;
        };
        /** @description One page of a workflow. */
        WorkflowPage: {
            /** @description Area of the app at its first visit. */
            env: string;
            /** @description Its id. */
            page: string;
            /**
             * Format: double
             * @description Seconds.
             */
            time_spent_s: number;
            /** @description Type of its first visit. */
            type: string;
            /**
             * Format: int64
             * @description How often.
             */
            visits: number;
        };
        /** @description The workflows of a range. */
        WorkflowQuestion: {
            /**
             * @description As in trends; default `-7d`. Nothing is carried over from before the range.
             * @default null
             */
            date_from?: string | null;
            /**
             * @description As in trends; default now.
             * @default null
             */
            date_to?: string | null;
            /**
             * @description Conditions on the events; all must hold.
             * @default []
             */
            filters?: components["schemas"]["Filter"][];
            /**
             * Format: int32
             * @description Summaries that are shown; 100 when absent, at most 10 000.
             * @default null
             */
            limit?: number | null;
        };
        /** @description One workflow: of an app, of a content within it, of a player and so on. */
        WorkflowRow: {
            /** @description `context.channel`. */
            channel: string;
            /** @description The device; empty when the client sent none. */
            device_id: string;
            /** @description RFC 3339 UTC. */
            end: string;
            /** @description In the order of their first pages. */
            envs: components["schemas"]["WorkflowEnv"][];
            /** @description Events by name. */
            events: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description How many touches, clicks and so on.
             */
            interactions: number;
            /**
             * Format: double
             * @description Per minute of the time spent; within the first minute their number.
             */
            interactions_per_minute: number;
            /** @description In their order. */
            items: components["schemas"]["WorkflowItem"][];
            /** @description `play`, `edit`, or empty. */
            mode: string;
            /** @description `object.id` of its first event. */
            object?: string | null;
            /** @description In the order of their first visits. */
            pages: components["schemas"]["WorkflowPage"][];
            /** @description The person of its first event: the distinct_id that stands for them. */
            person: string;
            /** @description `context.pdata.id`. */
            producer: string;
            /** @description The session of its first event. */
            session_id?: string | null;
            /** @description RFC 3339 UTC. */
            start: string;
            /**
             * Format: double
             * @description Seconds from start to end.
             */
            time_diff_s: number;
            /**
             * Format: double
             * @description Seconds without pauses of more than 10 minutes.
             */
            time_spent_s: number;
            /** @description What it is of, in small letters: `app`, `content`, `player`. */
            type: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    demo_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DemoInput"] | null;
            };
        };
        responses: {
            /** @description it was there already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description wrong address or password */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too many attempts */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    members_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
        };
    };
    members_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberView"];
                };
            };
            /** @description the address is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    members_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the last owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    members_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberView"];
                };
            };
            /** @description the last owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    organization_name_organization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NamedOrganization"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationView"];
                };
            };
        };
    };
    projects_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Projects"];
                };
            };
        };
    };
    projects_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            /** @description a channel is of another project */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    projects_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    projects_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    actions_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actions"];
                };
            };
        };
    };
    actions_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Pays",
                 *       "steps": [
                 *         {
                 *           "event": "pay"
                 *         },
                 *         {
                 *           "event": "$autocapture",
                 *           "tag_name": "button",
                 *           "text": {
                 *             "value": "Pay"
                 *           },
                 *           "url": {
                 *             "matching": "contains",
                 *             "value": "/fees"
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ActionInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionView"];
                };
            };
            /** @description a step is wrong; `path` says where */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    actions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    actions_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    actions_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionView"];
                };
            };
            /** @description a step is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    questions_catalogue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalogue"];
                };
            };
        };
    };
    questions_values: {
        parameters: {
            query: {
                /** @description At most 100; 20 when absent. */
                limit?: number;
                /** @description Flattened key. */
                property: string;
                /** @description Part of the value, without regard to case. */
                search?: string;
                /** @description Whose property it is: `event` (when absent) or `person`. */
                type?: components["schemas"]["Scope"];
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Values"];
                };
            };
        };
    };
    cohorts_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cohorts"];
                };
            };
        };
    };
    cohorts_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CohortInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortView"];
                };
            };
            /** @description the rule, list or number is wrong; `path` says where */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too slow or too large; the message says what to narrow */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    cohorts_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cohort: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    cohorts_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cohort: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    cohorts_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cohort: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CohortUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortView"];
                };
            };
            /** @description the rule or list is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    cohorts_upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cohort: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortView"];
                };
            };
            /** @description no text, no ids, or too many */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    cohorts_people: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: number;
                /** @description At most 1 000; 100 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                cohort: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortPeople"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too slow or too large; the message says what to narrow */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    cohorts_size: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleSize"];
                };
            };
            /** @description the rule is wrong; `path` says where */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too slow or too large; the message says what to narrow */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    dashboards_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dashboards"];
                };
            };
        };
    };
    dashboards_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DashboardInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardView"];
                };
            };
        };
    };
    dashboards_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dashboard: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    dashboards_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dashboard: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    dashboards_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dashboard: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DashboardUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    demo_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    export_events: {
        parameters: {
            query?: {
                /** @description CSV: names of the columns, separated by commas. */
                columns?: string;
                /** @description Only this event name. */
                event?: string;
                /** @description A filter or a list of them as JSON, or `key=value`. */
                filter?: string;
                /** @description `jsonl` when absent. */
                format?: "jsonl" | "csv" | "parquet";
                /** @description First day or instant, as in a question; from the first event when absent. */
                from?: string;
                /** @description Last day or instant, inclusive; to the last event when absent. */
                to?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description a date or filter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too many exports at once */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    outcomes_failed: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: number;
                /** @description Page size; 50 when absent, at most 500. */
                limit?: number;
                /** @description Only this reason. */
                reason?: components["schemas"]["Reason"];
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailedPage"];
                };
            };
        };
    };
    outcomes_retry_failed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetryResult"];
                };
            };
        };
    };
    insights_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Insights"];
                };
            };
        };
    };
    insights_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InsightInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InsightView"];
                };
            };
        };
    };
    insights_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                insight: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InsightView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    insights_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                insight: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    insights_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                insight: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InsightUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InsightView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    keys_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
        };
    };
    keys_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyView"];
                };
            };
        };
    };
    keys_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                key: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    live_watch: {
        parameters: {
            query?: {
                /** @description Only this distinct_id. */
                distinct_id?: string;
                /** @description Only this event name. */
                event?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    persons_merges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Merges"];
                };
            };
        };
    };
    persons_undo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    outcomes_show: {
        parameters: {
            query?: {
                /** @description Days to list, counted back from today; 7 when absent, at most 400. */
                days?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomesView"];
                };
            };
        };
    };
    questions_people: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "asked_at": "2026-01-31T18:30:00.000000Z",
                 *       "cell": {
                 *         "step": -2
                 *       },
                 *       "limit": 100,
                 *       "question": {
                 *         "date_from": "-30d",
                 *         "kind": "funnel",
                 *         "steps": [
                 *           {
                 *             "event": "signup"
                 *           },
                 *           {
                 *             "event": "pay"
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PeopleQuestion"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeopleAnswer"];
                };
            };
            /** @description the question or the cell is wrong; `path` says where */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too slow or too large; the message says what to narrow */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    persons_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                distinct_id: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    questions_ask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                    "text/event-stream": string;
                };
            };
            /** @description the question is wrong; `path` says where */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too slow or too large; the message says what to narrow */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sql_ask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SqlQuery"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SqlAnswer"];
                };
            };
            /** @description sql_invalid, with its position when known, or sql_refused */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description sql_too_slow or sql_out_of_memory */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description sql_busy */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description sql_unavailable: the program telemetry-sql is not there */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sql_schema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SqlSchema"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    export_summaries: {
        parameters: {
            query?: {
                /** @description First day or instant, as in a question; seven days ago when absent. */
                from?: string;
                /** @description Last day or instant, inclusive; now when absent. */
                to?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description a date is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description more than 10 000 summaries, or too slow; choose a shorter range */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    setup_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
        };
    };
    setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOwner"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description set-up is already done */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    tokens_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
        };
    };
    tokens_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
        };
    };
    tokens_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
}
