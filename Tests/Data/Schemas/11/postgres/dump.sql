--
-- PostgreSQL database dump
--

\restrict 8tVoU0l9uCbJk8VhIabEI3O14gso7ncvVmYbAcbciYLT0w12pmDOmEHh27TkKUn

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: api_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_token (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    token_hash text NOT NULL COLLATE pg_catalog."C",
    hint text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    permissions text COLLATE pg_catalog."C",
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint NOT NULL
);


--
-- Name: audit_event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_event (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint,
    "time" bigint NOT NULL,
    actor_kind text NOT NULL COLLATE pg_catalog."C",
    actor_id text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    target_kind text NOT NULL COLLATE pg_catalog."C",
    target_id text NOT NULL COLLATE pg_catalog."C",
    outcome text NOT NULL COLLATE pg_catalog."C",
    detail text NOT NULL COLLATE pg_catalog."C",
    request_id text NOT NULL COLLATE pg_catalog."C",
    actor_commitment text NOT NULL COLLATE pg_catalog."C",
    target_commitment text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: audit_personal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_personal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    part text NOT NULL COLLATE pg_catalog."C",
    subject_id text NOT NULL COLLATE pg_catalog."C",
    salt text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: audit_seal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_seal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    hash text NOT NULL COLLATE pg_catalog."C",
    "time" bigint NOT NULL,
    signature text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: catalog; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.catalog (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    release text NOT NULL COLLATE pg_catalog."C",
    applied_at bigint NOT NULL,
    version bigint NOT NULL
);


--
-- Name: change_feed; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change_feed (
    "position" bigint NOT NULL,
    realm_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    id bigint DEFAULT 0 NOT NULL
);


--
-- Name: change_pending; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change_pending (
    id bigint NOT NULL,
    realm_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL
);


--
-- Name: credential; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credential (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    secret text NOT NULL COLLATE pg_catalog."C",
    must_change bigint NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: database_epoch; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.database_epoch (
    epoch bigint NOT NULL
);


--
-- Name: direct_authorization; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.direct_authorization (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    principal_kind text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    permissions text NOT NULL COLLATE pg_catalog."C",
    scope_kind text NOT NULL COLLATE pg_catalog."C",
    scope_id text NOT NULL COLLATE pg_catalog."C",
    valid_from bigint,
    expires_at bigint,
    reason text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    granted_by text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: idempotency_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_key (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    key_hash text NOT NULL COLLATE pg_catalog."C",
    request_hash text NOT NULL COLLATE pg_catalog."C",
    object_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Name: known_address; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.known_address (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    last_at bigint NOT NULL
);


--
-- Name: lease; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lease (
    name text NOT NULL COLLATE pg_catalog."C",
    holder text NOT NULL COLLATE pg_catalog."C",
    expires_at bigint NOT NULL
);


--
-- Name: membership; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.membership (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C",
    member_kind text NOT NULL COLLATE pg_catalog."C",
    member_id text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Name: migration_lease; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.migration_lease (
    name text NOT NULL
);


--
-- Name: one_time_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.one_time_token (
    token_hash text NOT NULL COLLATE pg_catalog."C",
    realm_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: principal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.principal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    store_id text NOT NULL COLLATE pg_catalog."C",
    organization_id text COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: principal_group; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.principal_group (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: realm; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.realm (
    id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    setup_completed_at bigint
);


--
-- Name: resource; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.resource (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    type_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text NOT NULL COLLATE pg_catalog."C",
    organization text NOT NULL COLLATE pg_catalog."C",
    properties text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: resource_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.resource_type (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text NOT NULL COLLATE pg_catalog."C",
    syntax text NOT NULL COLLATE pg_catalog."C",
    actions text NOT NULL COLLATE pg_catalog."C",
    properties text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: role; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.role (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    permissions text NOT NULL COLLATE pg_catalog."C",
    includes text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: role_assignment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.role_assignment (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    principal_kind text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    role_id text NOT NULL COLLATE pg_catalog."C",
    scope_kind text NOT NULL COLLATE pg_catalog."C",
    scope_id text NOT NULL COLLATE pg_catalog."C",
    valid_from bigint,
    expires_at bigint,
    reason text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    granted_by text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: schema_migration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migration (
    number bigint NOT NULL,
    name text NOT NULL,
    applied_at bigint NOT NULL
);


--
-- Name: sealed_secret; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sealed_secret (
    name text NOT NULL COLLATE pg_catalog."C",
    sealed text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Name: service_profile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.service_profile (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    token_hash text NOT NULL COLLATE pg_catalog."C",
    principal_kind text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    agent text NOT NULL COLLATE pg_catalog."C",
    methods text NOT NULL COLLATE pg_catalog."C",
    authenticated_at bigint NOT NULL
);


--
-- Name: shared_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.shared_key (
    name text NOT NULL COLLATE pg_catalog."C",
    sealed text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Name: sign_in_activity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_activity (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    last_at bigint NOT NULL
);


--
-- Name: sign_in_refusal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_refusal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    minute bigint NOT NULL,
    principal_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL
);


--
-- Name: sign_in_tally; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_tally (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    hour bigint NOT NULL,
    outcome text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL
);


--
-- Name: sign_in_throttle; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_throttle (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    scope text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    failures bigint NOT NULL,
    since bigint NOT NULL,
    last_at bigint NOT NULL,
    blocked_until bigint NOT NULL
);


--
-- Name: user_profile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_profile (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL COLLATE pg_catalog."C",
    display_key text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL COLLATE pg_catalog."C",
    email_key text NOT NULL COLLATE pg_catalog."C",
    email_verified bigint NOT NULL,
    attributes text NOT NULL COLLATE pg_catalog."C",
    search text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: user_word; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_word (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    word text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C"
);


--
-- Data for Name: api_token; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: audit_event; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d687-73c6-9169-591633f021b7', 1, 1795280328327, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'setup.complete', 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'success', '', 'af70904365a1718e', 'ea4c063012a1f2ca8b40bc804828d058cea55742f51f81d0f78b351f58bb8646', 'ab3a4037e3318cef76fb40b302874713f579810ae76f4bf3677ff4f4edf71f29', 'be3857ed58e428f5fa3d8971e932fe804ddf2610e9d3fca425d1771380195704');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d6b1-74bf-994a-1843a0559e9d', 2, 1795280328369, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'session.create', 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'success', '', 'bd556f8aceff6094', '7c942ae67d75913e4dcd7b797b0c63905272d5f5a7df9eb14375fa01aff0d808', '4577e00042a80539e17c3cb3495af5bfe7641f8fc81b38d62b356716b8715da3', 'bbfa9f1d509114feda9ee4edb579212e619d83d0bcb7dc82b378bc7eb58add5a');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d6cf-72e2-aaaa-57cc85b2c909', 3, 1795280328399, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.create', 'user', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'success', '', '2b9a92d1bb588336', '3b5d4a0adeb5d026ebe102bcc56bac0ba3a7c6eb659e51f31a2a36e52c6fe055', '4e55a0d0bc8c369d5bdf8df3041cf0992166951fe00c2c839f7671f1ae4356fa', '756e9751963c73e828daa43f867eedba1f29cb3d397356bf5f906f7b21c68617');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d6ea-76af-8e38-3c517a615523', 4, 1795280328426, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.create', 'user', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 'success', '', 'cc1e0367879e6f2b', '70a22704c546803a489634e516617d6208d23bc21b38930f84c228f411a81789', '10cc3838159471939f00d7e706c65e1b283020504e30de557ec88865f0ec7d98', 'b2da42ef54c851155c013f535ab572e82432e2fbb1b11b05e1f8ede0b7711b09');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d6f2-73b9-914e-46298142d3da', 5, 1795280328434, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.disable', 'user', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 'success', '', 'e93404de045c7b23', '993510938d38541e814e3961fcf84c59c98e42aba68d3f6b4b248148df11a366', 'd743b79b27d948b616cd3bbaed9c785da244e498fa66e91dfa65f9ee723dcff0', '4cef6121c860952c3a64dc3cf43b3441d2fe5ca166c73512aafd64a417554938');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d6fc-73a0-b217-68a2e03472a8', 6, 1795280328444, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.create', 'user', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7', 'success', '', 'b73611a3f4c667cd', 'a0e3e4e4f401cb80caf94948401da39a15e5910a6825280740b36546138b71c3', '1256d7a2c87551fa280f8841820c1e0a50cb74901659a5dc4115a5a501370ce2', '4b387f89021f4895d507ba5c6be993f18ec0031ecb1ab545588a825dc92f2333');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d721-73e6-82bd-29a131e2ca23', 7, 1795280328481, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.create', 'user', '01a1ff0b-d71f-7679-8696-dec933b8f7d6', 'success', '', '2e01a86257286e64', '1e0cc6e2989ce81a5d7f3bab9523d47837a1c1cc5b103218ffe641ba4db41a12', '8a8457efd42b3fa8f04dc067c93711489f16711d6fee03224fe42772c9d18637', '5ca7a19c3dba143c8d893513c8768694359d2213a49df2348a09d9600be62c43');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d72e-700b-a0b8-3739d5d12301', 8, 1795280328494, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.delete', 'user', '01a1ff0b-d71f-7679-8696-dec933b8f7d6', 'success', '', 'fa35a5e19e14bfbc', 'd8b8395a9bb32b45fdb7657f7b31e79cb40b6187ee5f8737092f44a2b91e4cb9', '840745b2cffa9c0247efd6c65d9c6ee3cf30a29267299b6ccd9bbbca2e1a3391', '0a280b82df96640d779195ec8b52342aba382af5d983bb89cedf4726f455fa67');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d736-768f-8f29-1a0a183c85ed', 9, 1795280328502, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.update', 'user', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'success', '', 'e38a3d071addf539', '3df9a8b62870d249f4db2b91ca2cc6d81b67fb7e690f04fdeee11c7e4ce4be2b', '32098303b1ce4c12254b185762ae6a89d81bbf897151e771defd90f9e600cbc1', '0c22f706a1723f2b42844b26c86f68954562d1b8ad9b5e74000d5458a66a4faf');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d74e-75cb-b569-46748115913b', 10, 1795280328526, '', '', 'session.refused', 'user', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'failure', 'wrong password', '48f3f32428c3df3e', '905ccd52b2c5df6c358510b16677bbffbd867886271a8733ba97df1b3ea936ac', '1442ab4eeb8f50f8bf3f23c840952718a037dc6e73b0e538f6cb56840e8dc291', '79b65e1ad0d2abc811b3b4f54a07942c9938ccb953eb005319e9c681da557955');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d769-7531-8e29-04c202d77281', 11, 1795280328553, 'user', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'session.create', 'user', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'success', '', '7e572e2c1e5e5cae', 'db37e92b6306e374d086ddc13e6890fe07d0116645600089cd9039e7aa8dc98d', '7a14ae8c8648d299de76601d0bcf68361930a89f35bab6250dc8cf23bd8b81e3', '2c3cc823947947281940342480bc5908b562ecc711de269884a91c7bacd709cc');
INSERT INTO public.audit_event VALUES ('main', '01a1ff0b-d8a4-74b3-aa39-a23166be0fff', 12, 1795280328868, 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user.update', 'user', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'success', '', 'c27d16d2e4b11375', 'dfdeb1e9a8978dd440c42566d609e5b279f0e06f6d0495f23f472705093e53e9', '8a0306e1e345507c52a7671e258af9845cd8e9d72df5076ff181c8f7a8ab1939', 'ec08ab08d4429ee47237c895d717b32484d662b328985f651d1b342f4939c476');


--
-- Data for Name: audit_personal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d687-73c6-9169-591633f021b7', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'Xw7h1JovVe3PmXummbTvMg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d687-73c6-9169-591633f021b7', 'target', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'ZlxALK-cILtahGt99ZjoRg', '{"name":"olivia","changes":[{"field":"username","old":null,"new":"olivia"},{"field":"name","old":null,"new":"Olivia Owner"},{"field":"email","old":null,"new":"olivia@example.org"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6b1-74bf-994a-1843a0559e9d', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', '_rTWPRHzAHPVeLVhkV5I-w', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6b1-74bf-994a-1843a0559e9d', 'target', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'Ccf7HnWYetMFFlCmyCLVoQ', '{"name":"olivia"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6cf-72e2-aaaa-57cc85b2c909', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'hUlf5mPWRoq5doSM9gb1rA', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6cf-72e2-aaaa-57cc85b2c909', 'target', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'b3O41Qk4nsk1WIU79ENy-A', '{"name":"ann","changes":[{"field":"username","old":null,"new":"ann"},{"field":"name","old":null,"new":"Änn \"B\" 🔑"},{"field":"email","old":null,"new":"ann@example.org"},{"field":"emailVerified","old":null,"new":false},{"field":"attributes.department","old":null,"new":"Research"},{"field":"attributes.floor","old":null,"new":3},{"field":"attributes.sites","old":null,"new":["north","harbour"]}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6ea-76af-8e38-3c517a615523', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'JBKOpcl7V0_-AY79fWBxgw', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6ea-76af-8e38-3c517a615523', 'target', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 'vS_ph7te4rYWMaeEPPDeAA', '{"name":"dora","changes":[{"field":"username","old":null,"new":"dora"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6f2-73b9-914e-46298142d3da', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'zWhA0IQnGuFol8YwS9wMTw', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6f2-73b9-914e-46298142d3da', 'target', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 'r1bBTDRiHiGaS1G1nokBuQ', '{"name":"dora","changes":[{"field":"status","old":"active","new":"disabled"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6fc-73a0-b217-68a2e03472a8', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'cEwfQnLTDufcWWWT5WajXg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d6fc-73a0-b217-68a2e03472a8', 'target', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7', 'udmACp6wQHlRQ6Mq5KLo7A', '{"name":"ivan","changes":[{"field":"username","old":null,"new":"ivan"},{"field":"name","old":null,"new":"Ivan Invited"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d721-73e6-82bd-29a131e2ca23', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'kJcOd7ye5O-ARtalccHKKg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d721-73e6-82bd-29a131e2ca23', 'target', '01a1ff0b-d71f-7679-8696-dec933b8f7d6', 'Kktd2eJ5gdb6NOfxuq0wEg', '{"name":"gone","changes":[{"field":"username","old":null,"new":"gone"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d72e-700b-a0b8-3739d5d12301', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'vgMfnIoz9ksg_Czc9qNRqw', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d72e-700b-a0b8-3739d5d12301', 'target', '01a1ff0b-d71f-7679-8696-dec933b8f7d6', 'r3BBtHb0FVMQ3gcnSZ9yrA', '{"name":"gone","changes":[{"field":"username","old":"gone","new":null},{"field":"emailVerified","old":false,"new":null}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d736-768f-8f29-1a0a183c85ed', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'yhr5nKjHIO9-iv_943BeJQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d736-768f-8f29-1a0a183c85ed', 'target', '01a1ff0b-d6cd-736d-a30b-0102f002d230', '006I_5GdwRX2iNvY9y8rhQ', '{"name":"ann","changes":[{"field":"name","old":"Änn \"B\" 🔑","new":"Ann Berg"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d74e-75cb-b569-46748115913b', 'actor', '', '_OvnimFVUocgXMWjfx9pbA', '{"address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d74e-75cb-b569-46748115913b', 'target', '01a1ff0b-d6cd-736d-a30b-0102f002d230', '9Lb9dQbCu4c7xhav5RxSPg', '{"name":"ann"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d769-7531-8e29-04c202d77281', 'actor', '01a1ff0b-d6cd-736d-a30b-0102f002d230', '1hHcyBpzPSUCjz0kRkCsZw', '{"name":"ann","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d769-7531-8e29-04c202d77281', 'target', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'rHbeBfTu2UCPgIrnOtXTvQ', '{"name":"ann"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d8a4-74b3-aa39-a23166be0fff', 'actor', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'HGkSoesVZIZDHM102LkEuQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff0b-d8a4-74b3-aa39-a23166be0fff', 'target', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'vLTSlZQMB4F2MMfCiS6_dQ', '{"name":"ann","changes":[{"field":"email","old":"ann@example.org","new":"ann.berg@example.org"}]}');


--
-- Data for Name: audit_seal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_seal VALUES ('main', 11, '2c3cc823947947281940342480bc5908b562ecc711de269884a91c7bacd709cc', 1795280328577, 'GichNNaVb6bc8MjX3u8335fm3VtTk6QFD8gClRp1NjaDsizlCZ9kqeB6fVSSeCXw8OnvYokSF6HlPLlYfNB4DA');
INSERT INTO public.audit_seal VALUES ('main', 12, 'ec08ab08d4429ee47237c895d717b32484d662b328985f651d1b342f4939c476', 1795280330778, 'k_cEgkTBbeoBlZK5fHQsgq3ERNzR3TApFOR_ipz2QM9b926d6z3h32s7JSvGJhSSyxJowSapWvqIetqSIbUIDA');


--
-- Data for Name: catalog; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: change_feed; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.change_feed VALUES (1, 'main', 'principal', '01a1ff0b-d681-731f-85f9-dd34f1693953', 1, 4968714978772789938);
INSERT INTO public.change_feed VALUES (2, 'main', 'role-assignment', 'user:01a1ff0b-d681-731f-85f9-dd34f1693953', 1, 4845173582763079735);
INSERT INTO public.change_feed VALUES (3, 'main', 'principal', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 1, 5664042142441310383);
INSERT INTO public.change_feed VALUES (4, 'main', 'principal', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 1, 5177185584631941138);
INSERT INTO public.change_feed VALUES (5, 'main', 'principal', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 2, 1034211113749315663);
INSERT INTO public.change_feed VALUES (6, 'main', 'principal', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7', 1, 9148184154563889013);
INSERT INTO public.change_feed VALUES (7, 'main', 'principal', '01a1ff0b-d71f-7679-8696-dec933b8f7d6', 1, 5970500233525829797);
INSERT INTO public.change_feed VALUES (8, 'main', 'principal', '01a1ff0b-d71f-7679-8696-dec933b8f7d6', 0, 5745204745697332113);
INSERT INTO public.change_feed VALUES (9, 'main', 'principal', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 2, 8481854755858307888);
INSERT INTO public.change_feed VALUES (10, 'main', 'principal', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 3, 997362105926718091);


--
-- Data for Name: change_pending; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: credential; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credential VALUES ('main', '01a1ff0b-d681-7320-b992-db486c23c1af', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'password', '$argon2id$v=19$m=19456,t=2,p=1$mUl1atEMXcB5IbVCLBKS4Q$Ht/ylqglxjrd8K+YZAcdDq9mI3Hi3YBpyc+pUdLAu1I', 0, 1795280328321);
INSERT INTO public.credential VALUES ('main', '01a1ff0b-d6cd-736e-bbef-718cbda57891', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'password', '$argon2id$v=19$m=19456,t=2,p=1$f7Oqd3KpZ4muQZ1+b+gbOQ$WMTzI2xfJ6WxCU+1QIo4+mN1Kjf20EH7l54uanfWYME', 0, 1795280328397);
INSERT INTO public.credential VALUES ('main', '01a1ff0b-d6e9-7387-baca-7cdfb8599a39', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 'password', '$argon2id$v=19$m=19456,t=2,p=1$O52+qbCgM1mDPZQnNskGAQ$n/tdF+Wq90OhbBK64V/qqNocxBA6QP8fQ3oW/WrgNNo', 0, 1795280328425);


--
-- Data for Name: database_epoch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.database_epoch VALUES (1);


--
-- Data for Name: direct_authorization; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: idempotency_key; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: known_address; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.known_address VALUES ('main', '01a1ff0b-d681-731f-85f9-dd34f1693953', '127.0.0.1', 1795280328367);
INSERT INTO public.known_address VALUES ('main', '01a1ff0b-d6cd-736d-a30b-0102f002d230', '127.0.0.1', 1795280328551);


--
-- Data for Name: lease; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lease VALUES ('audit record of main', 'bA3MHMv0Mo7XRDMs', 1795280332718);
INSERT INTO public.lease VALUES ('change feed', 'cQ7cXXdJ84-1zoEZ', 0);


--
-- Data for Name: membership; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: migration_lease; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.migration_lease VALUES ('migration');


--
-- Data for Name: one_time_token; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: principal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.principal VALUES ('main', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'user', 'builtin', NULL, 'olivia', 'olivia', 'active', 1, 1795280328321, 1795280328321);
INSERT INTO public.principal VALUES ('main', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 'user', 'builtin', NULL, 'dora', 'dora', 'disabled', 2, 1795280328425, 1795280328434);
INSERT INTO public.principal VALUES ('main', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7', 'user', 'builtin', NULL, 'ivan', 'ivan', 'invited', 1, 1795280328442, 1795280328442);
INSERT INTO public.principal VALUES ('main', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'user', 'builtin', NULL, 'ann', 'ann', 'active', 3, 1795280328397, 1795280328865);


--
-- Data for Name: principal_group; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: realm; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.realm VALUES ('main', 0, 1795280328321);


--
-- Data for Name: resource; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: resource_type; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: role; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: role_assignment; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.role_assignment VALUES ('main', '01a1ff0b-d681-7321-bd7c-ef58aa08a04a', 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'owner', 'realm', '', NULL, NULL, 'setup', 'local', '', 1, 1795280328321);


--
-- Data for Name: schema_migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migration VALUES (1, 'change feed and sealed secrets', 1795280328010);
INSERT INTO public.schema_migration VALUES (2, 'audit record', 1795280328020);
INSERT INTO public.schema_migration VALUES (3, 'realms, principals, role assignments', 1795280328032);
INSERT INTO public.schema_migration VALUES (4, 'credentials, sessions, throttling', 1795280328054);
INSERT INTO public.schema_migration VALUES (5, 'user profiles, search words, idempotency keys', 1795280328062);
INSERT INTO public.schema_migration VALUES (6, 'many writers: changes without a number, leases', 1795280328068);
INSERT INTO public.schema_migration VALUES (8, 'audit events that wait for their place', 1795280328069);
INSERT INTO public.schema_migration VALUES (9, 'groups, resource types, resources, roles, authorizations', 1795280328089);
INSERT INTO public.schema_migration VALUES (10, 'services', 1795280328092);
INSERT INTO public.schema_migration VALUES (11, 'API tokens', 1795280328095);


--
-- Data for Name: sealed_secret; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sealed_secret VALUES ('cursor key', 'jx7IauKDGHRZSrIyZkcpDkD69xissQIxiwjxPHQPQHWQP__PQ3rM6Ky_K5KVWUXZosbtyxeknXIWJYk6', 1795280328231);
INSERT INTO public.sealed_secret VALUES ('audit signing key', '7mPXBtz0EDCHdoNNi1FWS4vz2eVcUkzlkMmX-PHSNQWiz3_F7ezTDCgI8C1H4wGa6eH2xo7aGm4QYpHR', 1795280328248);


--
-- Data for Name: service_profile; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: session; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.session VALUES ('main', '01a1ff0b-d6af-70ce-8d98-1b7c46d6bb1c', '6I-F46v4f23zBoAiYuZ2qFA2uHTUdtF_Y4bNFTmce_4', 'user', '01a1ff0b-d681-731f-85f9-dd34f1693953', 1795280328367, 1795280328367, 1795885128367, '127.0.0.1', 'python-httpx/0.28.1', 'pwd', 1795280328367);
INSERT INTO public.session VALUES ('main', '01a1ff0b-d767-7695-9a5a-80926944743f', 'Msd7rktWMJhNWX-Asz8P8cxpOGaKZqLS_mxRC4HQtZ0', 'user', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 1795280328551, 1795280328551, 1795885128551, '127.0.0.1', 'python-httpx/0.28.1', 'pwd', 1795280328551);


--
-- Data for Name: shared_key; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.shared_key VALUES ('key file', '2iVjU__gTSefKImB6phprhpf0wT3gbh_n2scmnytqok8UFBEX-oRyEOnO4UXQf0vWwHQAljdeSfaBG38oEhHFeXnIQYj-zA_W7uTug', 1795280328212);


--
-- Data for Name: sign_in_activity; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff0b-d681-731f-85f9-dd34f1693953', 1795280328367);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', 0);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7', 0);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 1795280328551);


--
-- Data for Name: sign_in_refusal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_refusal VALUES ('main', 'SZFeDX1LQC4wF9AQvBwOg8rGx5fWwW5mNA_jJoaTpqE', '127.0.0.1', 29921338, '01a1ff0b-d6cd-736d-a30b-0102f002d230', 0);


--
-- Data for Name: sign_in_tally; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_tally VALUES ('main', 498688, 'refused', 1);
INSERT INTO public.sign_in_tally VALUES ('main', 498688, 'success', 2);


--
-- Data for Name: sign_in_throttle; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_throttle VALUES ('main', 'address', '127.0.0.1', '', '', 1, 1795280328525, 1795280328525, 0);


--
-- Data for Name: user_profile; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.user_profile VALUES ('main', '01a1ff0b-d681-731f-85f9-dd34f1693953', 'Olivia Owner', 'olivia owner', 'olivia@example.org', 'olivia@example.org', 0, '{}', '
example.org
olivia
olivia@example.org
org
owner');
INSERT INTO public.user_profile VALUES ('main', '01a1ff0b-d6e9-7386-8ed9-de84637a0102', '', '', '', '', 0, '{}', '
dora');
INSERT INTO public.user_profile VALUES ('main', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7', 'Ivan Invited', 'ivan invited', '', '', 0, '{}', '
invited
ivan');
INSERT INTO public.user_profile VALUES ('main', '01a1ff0b-d6cd-736d-a30b-0102f002d230', 'Ann Berg', 'ann berg', 'ann.berg@example.org', 'ann.berg@example.org', 0, '{"department":"Research","floor":3,"sites":["north","harbour"]}', '
ann
ann.berg@example.org
berg
berg@example.org
example.org
org');


--
-- Data for Name: user_word; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.user_word VALUES ('main', 'example.org', '01a1ff0b-d681-731f-85f9-dd34f1693953');
INSERT INTO public.user_word VALUES ('main', 'olivia', '01a1ff0b-d681-731f-85f9-dd34f1693953');
INSERT INTO public.user_word VALUES ('main', 'olivia@example.org', '01a1ff0b-d681-731f-85f9-dd34f1693953');
INSERT INTO public.user_word VALUES ('main', 'org', '01a1ff0b-d681-731f-85f9-dd34f1693953');
INSERT INTO public.user_word VALUES ('main', 'owner', '01a1ff0b-d681-731f-85f9-dd34f1693953');
INSERT INTO public.user_word VALUES ('main', 'dora', '01a1ff0b-d6e9-7386-8ed9-de84637a0102');
INSERT INTO public.user_word VALUES ('main', 'invited', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7');
INSERT INTO public.user_word VALUES ('main', 'ivan', '01a1ff0b-d6fa-77e5-b762-42ac99dca7a7');
INSERT INTO public.user_word VALUES ('main', 'ann', '01a1ff0b-d6cd-736d-a30b-0102f002d230');
INSERT INTO public.user_word VALUES ('main', 'ann.berg@example.org', '01a1ff0b-d6cd-736d-a30b-0102f002d230');
INSERT INTO public.user_word VALUES ('main', 'berg', '01a1ff0b-d6cd-736d-a30b-0102f002d230');
INSERT INTO public.user_word VALUES ('main', 'berg@example.org', '01a1ff0b-d6cd-736d-a30b-0102f002d230');
INSERT INTO public.user_word VALUES ('main', 'example.org', '01a1ff0b-d6cd-736d-a30b-0102f002d230');
INSERT INTO public.user_word VALUES ('main', 'org', '01a1ff0b-d6cd-736d-a30b-0102f002d230');


--
-- Name: api_token api_token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_pkey PRIMARY KEY (realm_id, id);


--
-- Name: audit_event audit_event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (realm_id, id);


--
-- Name: audit_personal audit_personal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_personal
    ADD CONSTRAINT audit_personal_pkey PRIMARY KEY (realm_id, event_id, part);


--
-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (realm_id, "position");


--
-- Name: catalog catalog_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog
    ADD CONSTRAINT catalog_pkey PRIMARY KEY (realm_id, id);


--
-- Name: change_feed change_feed_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_feed
    ADD CONSTRAINT change_feed_pkey PRIMARY KEY ("position");


--
-- Name: change_pending change_pending_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_pending
    ADD CONSTRAINT change_pending_pkey PRIMARY KEY (id);


--
-- Name: credential credential_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (realm_id, id);


--
-- Name: database_epoch database_epoch_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.database_epoch
    ADD CONSTRAINT database_epoch_pkey PRIMARY KEY (epoch);


--
-- Name: direct_authorization direct_authorization_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.direct_authorization
    ADD CONSTRAINT direct_authorization_pkey PRIMARY KEY (realm_id, id);


--
-- Name: idempotency_key idempotency_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (realm_id, principal_id, key_hash);


--
-- Name: known_address known_address_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.known_address
    ADD CONSTRAINT known_address_pkey PRIMARY KEY (realm_id, principal_id, address);


--
-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (name);


--
-- Name: membership membership_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (realm_id, group_id, member_kind, member_id);


--
-- Name: migration_lease migration_lease_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.migration_lease
    ADD CONSTRAINT migration_lease_pkey PRIMARY KEY (name);


--
-- Name: one_time_token one_time_token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.one_time_token
    ADD CONSTRAINT one_time_token_pkey PRIMARY KEY (token_hash);


--
-- Name: principal_group principal_group_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal_group
    ADD CONSTRAINT principal_group_pkey PRIMARY KEY (realm_id, id);


--
-- Name: principal principal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal
    ADD CONSTRAINT principal_pkey PRIMARY KEY (realm_id, id);


--
-- Name: realm realm_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.realm
    ADD CONSTRAINT realm_pkey PRIMARY KEY (id);


--
-- Name: resource resource_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.resource
    ADD CONSTRAINT resource_pkey PRIMARY KEY (realm_id, type_id, id);


--
-- Name: resource_type resource_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.resource_type
    ADD CONSTRAINT resource_type_pkey PRIMARY KEY (realm_id, id);


--
-- Name: role_assignment role_assignment_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.role_assignment
    ADD CONSTRAINT role_assignment_pkey PRIMARY KEY (realm_id, id);


--
-- Name: role role_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.role
    ADD CONSTRAINT role_pkey PRIMARY KEY (realm_id, id);


--
-- Name: schema_migration schema_migration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);


--
-- Name: sealed_secret sealed_secret_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sealed_secret
    ADD CONSTRAINT sealed_secret_pkey PRIMARY KEY (name);


--
-- Name: service_profile service_profile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.service_profile
    ADD CONSTRAINT service_profile_pkey PRIMARY KEY (realm_id, id);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (realm_id, id);


--
-- Name: shared_key shared_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.shared_key
    ADD CONSTRAINT shared_key_pkey PRIMARY KEY (name);


--
-- Name: sign_in_activity sign_in_activity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_activity
    ADD CONSTRAINT sign_in_activity_pkey PRIMARY KEY (realm_id, principal_id);


--
-- Name: sign_in_refusal sign_in_refusal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_refusal
    ADD CONSTRAINT sign_in_refusal_pkey PRIMARY KEY (realm_id, subject, address, minute);


--
-- Name: sign_in_tally sign_in_tally_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_tally
    ADD CONSTRAINT sign_in_tally_pkey PRIMARY KEY (realm_id, hour, outcome);


--
-- Name: sign_in_throttle sign_in_throttle_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_throttle
    ADD CONSTRAINT sign_in_throttle_pkey PRIMARY KEY (realm_id, scope, subject, address);


--
-- Name: user_profile user_profile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_profile
    ADD CONSTRAINT user_profile_pkey PRIMARY KEY (realm_id, id);


--
-- Name: user_word user_word_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_word
    ADD CONSTRAINT user_word_pkey PRIMARY KEY (realm_id, word, user_id);


--
-- Name: api_token_hash; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX api_token_hash ON public.api_token USING btree (token_hash);


--
-- Name: api_token_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX api_token_principal ON public.api_token USING btree (realm_id, principal_id, created_at);


--
-- Name: audit_event_action; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_action ON public.audit_event USING btree (realm_id, action, "time", id);


--
-- Name: audit_event_actor; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_actor ON public.audit_event USING btree (realm_id, actor_id, "time", id);


--
-- Name: audit_event_position; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX audit_event_position ON public.audit_event USING btree (realm_id, "position");


--
-- Name: audit_event_target; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_target ON public.audit_event USING btree (realm_id, target_id, "time", id);


--
-- Name: audit_event_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_time ON public.audit_event USING btree (realm_id, "time", id);


--
-- Name: audit_event_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_waiting ON public.audit_event USING btree (realm_id, "time", id) WHERE ("position" IS NULL);


--
-- Name: audit_personal_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_personal_subject ON public.audit_personal USING btree (realm_id, subject_id);


--
-- Name: credential_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credential_principal ON public.credential USING btree (realm_id, principal_id, kind);


--
-- Name: direct_authorization_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX direct_authorization_principal ON public.direct_authorization USING btree (realm_id, principal_id);


--
-- Name: direct_authorization_scope; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX direct_authorization_scope ON public.direct_authorization USING btree (realm_id, scope_kind, scope_id);


--
-- Name: idempotency_key_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_key_created ON public.idempotency_key USING btree (created_at);


--
-- Name: membership_member; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX membership_member ON public.membership USING btree (realm_id, member_id, group_id);


--
-- Name: one_time_token_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX one_time_token_expiry ON public.one_time_token USING btree (expires_at);


--
-- Name: one_time_token_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX one_time_token_principal ON public.one_time_token USING btree (realm_id, principal_id);


--
-- Name: principal_group_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_group_created ON public.principal_group USING btree (realm_id, created_at, id);


--
-- Name: principal_group_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX principal_group_name ON public.principal_group USING btree (realm_id, name_key);


--
-- Name: principal_kind_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_created ON public.principal USING btree (realm_id, kind, created_at, id);


--
-- Name: principal_kind_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_name ON public.principal USING btree (realm_id, kind, name_key, id);


--
-- Name: principal_kind_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_status ON public.principal USING btree (realm_id, kind, status, id);


--
-- Name: principal_kind_updated; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_updated ON public.principal USING btree (realm_id, kind, updated_at, id);


--
-- Name: principal_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX principal_name ON public.principal USING btree (realm_id, name_key);


--
-- Name: role_assignment_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_assignment_created ON public.role_assignment USING btree (realm_id, created_at, id);


--
-- Name: role_assignment_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_assignment_principal ON public.role_assignment USING btree (realm_id, principal_id);


--
-- Name: role_assignment_role; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_assignment_role ON public.role_assignment USING btree (realm_id, role_id);


--
-- Name: role_assignment_scope; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_assignment_scope ON public.role_assignment USING btree (realm_id, scope_kind, scope_id);


--
-- Name: session_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_expiry ON public.session USING btree (expires_at);


--
-- Name: session_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_principal ON public.session USING btree (realm_id, principal_id, created_at);


--
-- Name: session_token; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX session_token ON public.session USING btree (token_hash);


--
-- Name: sign_in_activity_last; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_activity_last ON public.sign_in_activity USING btree (realm_id, last_at, principal_id);


--
-- Name: sign_in_throttle_last; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_throttle_last ON public.sign_in_throttle USING btree (last_at);


--
-- Name: sign_in_throttle_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_throttle_principal ON public.sign_in_throttle USING btree (realm_id, principal_id, blocked_until);


--
-- Name: user_profile_display; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX user_profile_display ON public.user_profile USING btree (realm_id, display_key, id);


--
-- Name: user_profile_email; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX user_profile_email ON public.user_profile USING btree (realm_id, email_key, id);


--
-- Name: api_token api_token_realm_id_principal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_realm_id_principal_id_fkey FOREIGN KEY (realm_id, principal_id) REFERENCES public.principal(realm_id, id);


--
-- Name: credential credential_realm_id_principal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_realm_id_principal_id_fkey FOREIGN KEY (realm_id, principal_id) REFERENCES public.principal(realm_id, id);


--
-- Name: membership membership_realm_id_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_realm_id_group_id_fkey FOREIGN KEY (realm_id, group_id) REFERENCES public.principal_group(realm_id, id);


--
-- Name: principal principal_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal
    ADD CONSTRAINT principal_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realm(id);


--
-- Name: service_profile service_profile_realm_id_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.service_profile
    ADD CONSTRAINT service_profile_realm_id_id_fkey FOREIGN KEY (realm_id, id) REFERENCES public.principal(realm_id, id);


--
-- Name: session session_realm_id_principal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_realm_id_principal_id_fkey FOREIGN KEY (realm_id, principal_id) REFERENCES public.principal(realm_id, id);


--
-- Name: user_profile user_profile_realm_id_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_profile
    ADD CONSTRAINT user_profile_realm_id_id_fkey FOREIGN KEY (realm_id, id) REFERENCES public.principal(realm_id, id);


--
-- PostgreSQL database dump complete
--

\unrestrict 8tVoU0l9uCbJk8VhIabEI3O14gso7ncvVmYbAcbciYLT0w12pmDOmEHh27TkKUn

