/**
 * The owner of the state. Where roles share a Postgres warehouse it is none of those who work with it, and what they make
 * of the state is made as it: else who comes second could not change what who came first has made.
 */

/**
 * Becomes the owner of the schema `revops`, where there is one of whose role one is a member. `scope`: for the transaction
 * or for the connection.
 */
export function becomeStateOwner(scope: 'transaction' | 'connection'): string {
  return `select set_config('role', pg_get_userbyid(nspowner), ${scope === 'transaction'})
    from pg_catalog.pg_namespace where nspname = 'revops' and pg_has_role(nspowner, 'member') and pg_get_userbyid(nspowner) <> current_user`;
}
