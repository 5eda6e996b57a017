// Every member that a database configuration of Sync Gateway 4.2 may have, with its type. Source: DbConfig in rest/config.go.
import type { Struct } from './go-struct.ts'

const collectionAccess: Struct = {
  struct: 'CollectionAccessConfig',
  go: 'auth.CollectionAccessConfig',
  fields: { admin_channels: '[]string', all_channels: '[]string', jwt_channels: '[]string', jwt_last_updated: 'string' },
}

const principal: Struct = {
  struct: 'PrincipalConfig',
  go: 'auth.PrincipalConfig',
  fields: {
    name: 'string', admin_channels: '[]string', all_channels: '[]string',
    collection_access: { mapOf: { mapOf: collectionAccess, go: 'map[string]*auth.CollectionAccessConfig' }, go: 'map[string]map[string]*auth.CollectionAccessConfig' },
    email: 'string', disabled: 'bool', password: 'string', admin_roles: '[]string', roles: '[]string', jwt_issuer: 'string', jwt_roles: '[]string', jwt_channels: '[]string', jwt_last_updated: 'string',
  },
}

export const principalConfig = principal

const provider: Struct = {
  struct: 'LocalJWTAuthConfig',
  go: 'auth.LocalJWTAuthConfig',
  fields: {
    issuer: 'string', register: 'bool', client_id: 'string', user_prefix: 'string', disable_session: 'bool', username_claim: 'string', roles_claim: 'string',
    channels_claim: 'string', algorithms: '[]string', keys: 'any', jwks_uri: 'string', skip_expiry_check: 'bool',
  },
}

const collection: Struct = { struct: 'CollectionConfig', go: 'rest.CollectionConfig', fields: { sync: 'string', import_filter: 'string' } }
const scope: Struct = { struct: 'ScopeConfig', go: 'rest.ScopeConfig', fields: { collections: { mapOf: collection, go: 'rest.CollectionsConfig' } } }

const texts = 'server pool bucket username password certpath keypath cacertpath name sync import_filter feed_type session_cookie_name user_xattr_key updated_at created_at'
const flags =
  'import_backup_old_rev allow_empty_password offline enable_shared_bucket_access session_cookie_secure session_cookie_http_only allow_conflicts use_views ' +
  'send_www_authenticate_header disable_password_auth store_legacy_revtree_data sgreplicate_enabled serve_insecure_attachment_types suspendable ' +
  'changes_request_plus disable_public_all_docs use_system_mobile_metadata_collection'
const counts =
  'revs_limit rev_cache_size old_rev_expiry_seconds view_query_timeout_secs local_doc_expiry_secs num_index_replicas bucket_op_timeout_ms ' +
  'slow_query_warning_threshold javascript_timeout_secs'
const numbers = 'kv_tls_port max_concurrent_query_ops sgreplicate_websocket_heartbeat_secs query_pagination_limit client_partition_window_secs'
const others = 'import_docs users roles event_handlers cache unsupported oidc replications functions logging'

const all = <T>(names: string, type: T) => Object.fromEntries(names.split(' ').map((name) => [name, type]))

export const databaseConfig: Struct = {
  struct: 'DbConfig',
  go: 'rest.DbConfig',
  fields: {
    ...all(texts, 'string' as const),
    ...all(flags, 'bool' as const),
    ...all(counts, 'uint32' as const),
    ...all(numbers, 'int' as const),
    ...all(others, 'any' as const),
    import_partitions: 'uint16',
    compact_interval_days: 'float32',
    scopes: { mapOf: scope, go: 'rest.ScopesConfig' },
    guest: principal,
    local_jwt: { mapOf: provider, go: 'auth.LocalJWTConfig' },
    cors: { struct: 'CORSConfig', go: 'auth.CORSConfig', fields: { origin: '[]string', login_origin: '[]string', headers: '[]string', max_age: 'int' } },
    index: { struct: 'IndexConfig', go: 'rest.IndexConfig', fields: { num_replicas: 'uint32', num_partitions: 'uint32' } },
    delta_sync: { struct: 'DeltaSyncConfig', go: 'rest.DeltaSyncConfig', fields: { enabled: 'bool', rev_max_age_seconds: 'uint32' } },
  },
}
