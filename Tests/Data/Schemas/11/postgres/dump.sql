--
-- PostgreSQL database dump
--

\restrict mT4N58CMm1QkHv0FCTaom0IFKJGkXMOqS8X7wqern9SAlEtVon0jA9ZzJtzrSLK

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

INSERT INTO public.api_token VALUES ('main', '01a1ff10-1390-76ac-a23d-5db87cbeb284', '01a1ff10-1370-7290-91af-16728106e23b', '7Ptdpw356SVTFM90bUzQbJSNjr6QYfSADpheZG1Y6Ug', 'ghp_3tqb', 'kept', NULL, '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1795280606096, NULL, 0);


--
-- Data for Name: audit_event; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_event VALUES ('main', '01a1ff10-06e2-70b9-963e-ea9313fa60c2', 1, 1795280602850, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'setup.complete', 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'success', '', 'b42c13ee5d7f891a', 'ec96d057032c4a2167f2c3965ae70654b9c28f984facb0a79484ab4dcd726fbe', 'e062a20fe7b94e364f6ed6848e6488d051874b7236d051d29b7145d95a95c7d2', 'a07a5902d85c73c7c817ade57bce97f64d5af8c1261856035a67310d67952225');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-0797-7423-b312-e3c7c032a547', 2, 1795280603031, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'session.create', 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'success', '', 'dca9784d6420963b', '5255bca537b4b9481e1ee1b3e0e910bf7d37666a32251974e0fb1a90d937f641', 'ffcd5ed5a7fac5ee31e4a226325b672a6d1e7adfac61b99af5c4e3f9fb49f9d3', 'f387294df693cf13a0692aeb85dd3b12ff52c2485da53fcb67f157f1aa20679c');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-083b-75d7-b1f3-a01b29a4bf00', 3, 1795280603195, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.create', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'success', '', 'b20f946469c12c66', '8560fe67b54a8c65d7c4671d5241aab33ae5a4b9b982f49678704ee9e29d3e6d', '6118f5a53d7a7fe7ebb73cc94bd6fc921314f705dabc64c38c64e3596b98f822', 'f8631ef0abcb42fe3a858cb23af46a3698fd5fbb720e2678cac8456ef67e2a83');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-08ab-7106-b6c5-22d59d656fdb', 4, 1795280603307, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.create', 'user', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 'success', '', '396cac8a08f4cb31', '91b8990723f6bbbdbe3faede57150314b575dc8906f0015a61dfb5fd6a3b1bc6', '072c63d9fa4a16e6562950a15e788fdb62576881635ba589875bd22aa99aad95', '83d7a793311b4146da1af3033cba7218096c5b6e330418629c7e117c3433930d');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-08b4-77f0-8080-c245ba8cf1f6', 5, 1795280603316, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.disable', 'user', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 'success', '', 'f1bc0892669c2790', '1993ba6e24b505d94c8b24c6c5dd800b8805c7b18435d2d26d9ff20f1279f0d2', '41db031f2e094c67859c7e26104d342614c74fdefff109ba8914f59227423372', '2620e739b4b8822d5682f579e94a488ea2b0e43fb54803dba2aa24c1963ddde8');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-08c0-7761-b92d-6e95c7cb7fb5', 6, 1795280603328, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.create', 'user', '01a1ff10-08be-7591-9ad3-a610744914ab', 'success', '', '2d7a43e9a3927118', '3f11c4233e2b4093a444b1af3b345209e2d5baa3b7a59995d105f575cf77d632', '14927043787af2d9923f8c336aa7f6cbb71acdb98bb4a446363cfca57f174506', '32f5c9a57b5d0d7705a7ffb871fbc8aa7bb2ef653346ce442755d981e9a4348c');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-0923-7490-8281-3e6f02643c73', 7, 1795280603427, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.create', 'user', '01a1ff10-0921-722d-a5f6-45e04ab80832', 'success', '', '03f621f79000a0fb', '51f3f5cc28197ffb20cbb385b77401433d284d226df4dfa070b9bb142498c4c1', '4914e05935483c576ef8dd0dd26224cfebd19ac33314ae42b0a0f863120205d9', 'e953609be921b564b23932726c4a0a8038c488ca1f9b4dd9f16b9b32f6df7d3a');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-0933-73f1-a86f-75e277d4cfb6', 8, 1795280603443, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.delete', 'user', '01a1ff10-0921-722d-a5f6-45e04ab80832', 'success', '', '12ec245f171e1542', 'f3d39ca405054ae643f95d6ca31ebc5dd1d8cdbcbe2416509dfc8abdf56ac7a2', '5cf5a39e17a6b1750b2954b2a57ada0d1fbd20ca4a3bfcfc5b998f966297b6c2', '45e424500cc90e582d764f95b90de2fb73669cdd59b58e6d4af9afe8ec6aa9c2');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-0942-73d9-97e3-af35f6f417cf', 9, 1795280603458, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.update', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'success', '', '012aa3a7ffce66f5', '19237557a5b6248e4896e1eb2b6ff20c76bb78a0381788e084a30ca94b45729e', '539a15ed2d6eaed6f028278f8b591d447fd6df8bb542d946f3edd983e6bdd6e0', '8f8cc78e49173098a8c63af0b8da7d9ae8fd6b26ecaefc5ab836ade696f8e148');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-095c-76ad-be23-a6988f94e69e', 10, 1795280603484, '', '', 'session.refused', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'failure', 'wrong password', '050a6631c36f7d27', '9d2fb02b2a0a7b9b53664278dacfed08b3613b8abf79f70b3ea49ec6f60559e2', '7ed9b78de873942852257a192819422aa80747f417dac089b4e486b0e0bb8b86', 'dbf630105c4ff545c9aba3b916c0749d4a80121c0d45db1a949c8c0dd7b03261');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-097e-76d9-8561-7a1fab3d8692', 11, 1795280603518, 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'session.create', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'success', '', '4ba74e81f2758094', '1759dccfac328061334889bb4b719a72c0151a28f818ba12ad228b3c0a58408f', '7c433d0f19fde65944d6dce5bc0abc724250737aa25f5fbde7b2f23273a8f919', '0c702f00b06cf2be80f7f348f49e45cae069a862095b8c25da69fa19c0031d76');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-0be7-7760-8a12-3ea0aa75013c', 12, 1795280604135, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user.update', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'success', '', '8983695180ecd2a1', 'd2c28c2ef56af2a195256431127a0924a0f671655cd9e6917b01008d28557971', '50b66e93facf108483f28d8d4660a50c3ca1ab7b940e1760e9c6bc88ac0608fb', '16124a66cb349c7c9c1d44294e80e5326dbde7c3279eb8881c5c085d4b8cb93e');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-12d6-7772-a499-d34aa53ae123', 13, 1795280605910, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'resource-type.create', 'resource-type', 'record', 'success', '', '81fd98e46a0bd86a', 'a1a9a7e4f94d9460901811f32966a4a0b929e9860c554778e1beb50ace7a41e4', '28a8e8fd7cb6af5414723a0a62bccd34f2ba3e49ed552d5836b3142bd4d47702', '9987f93ca37722a8695c5a7e5b4a718a1460a6e94076d587a5d8dc3ad607b680');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-12f5-7568-9023-54b7dc3fb605', 14, 1795280605941, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'resource.create', 'resource', 'record/r1', 'success', '', '1e034910e5069e2a', '7299f17688b5ea6a6e330078d789fcbc11e22d1deca7d638e106c03da869837c', 'bdee6baf7bc61098286e938184ee3d1aee14fa1fab9b83ba954ac056b7f8d7c1', 'd9f5e4a819b9ce316390c5036610caeb930a825420b607295d71a68d41025b41');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-1302-72f2-ae21-5dbe76318232', 15, 1795280605954, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'role.create', 'role', 'writer', 'success', '', '71ccae816a2700a1', '5f61d0ce164e9bfa6b6b92f5715869b9fb4ac049ec8d4e48eb3c00aea504a204', '71797098fbd1ed6bd0eea0e9460938cd8b092e7ccb8dea7f75f2e8b4a6ace703', '69f0f19b457ad44dfc8da93fda82c6b367f5e1c72dd921b98867f140628178cf');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-1351-7494-9e7c-2ceb3d4ac846', 20, 1795280606033, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'group.member.add', 'group', '01a1ff10-131e-73d0-905a-06473ac7601b', 'success', '', '60aa8aa10fe9b6d4', '2394dfec1bd7041f04ce6b11a31876ba3ad4afc26b92a7521df2a215fe75628a', '6404f4456f36d0da8aa1e42d8afa91053b61d79273231d3d7de9728394fe61ad', 'a07ab7d09259bf75a6fdeffdc8adfed6393c6f8b6f5d8854945a541f9a3777e1');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-1390-76ad-95c4-24e637918060', 25, 1795280606096, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'service.token.create', 'service', '01a1ff10-1370-7290-91af-16728106e23b', 'success', '', 'a1fbbbbe25aa158b', '279ec27f93115725bb73160abd89a2a1c9249d08700c467956951efd7d6cc9b8', '172e4a478f9fb851e748a149f28b3332bf854f66ee3c36f72fdbd26dfd28a791', '3aa1503d9ac9f6b7426cdf400131b6b898221fcc232b2209ff95939062f26319');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-130d-74ab-a750-09f750a570e6', 16, 1795280605965, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'role.create', 'role', 'reader', 'success', '', 'c48e1b93bef857e2', 'cc917174872762dd6b50bcf05fbd5a1bd1ee6030b4c97d7b05516901facab623', '20bacde7d957ae7fd79ba7ec1f9b9e8278bd277f5f46eaa688015cb988d05336', '6d5c18433eaffd910ad45c0852a4827271c846b0f9b1aa220307fd16bb14675f');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-1318-77a4-9164-668a521638a5', 17, 1795280605976, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'group.create', 'group', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 'success', '', '77decf1f4dbf577f', '5168e865ac9618d9fc0f8727635baf31edbf80e0022f5179e1ab0d737dedbf3f', '1b8bdfcb71d6259509365e1c41f2fd1a71a1aca47aa7f23aea10f0b215ba55c1', '8c06069a6e39781f3cadf646e29db35dffd12fb070f788e2ab2bbb0f631ec40c');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-131f-74ff-a204-983821623a70', 18, 1795280605983, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'group.create', 'group', '01a1ff10-131e-73d0-905a-06473ac7601b', 'success', '', '740847060a10b496', '126858472f996e1b4b723eba811713ef41b8ec5eb3fe56fc7c1905ff153ec1c5', '9bfe9bb59c553144f2efbfc76436fc9a0d43cd6e491c87a238eb3f0028b59455', '82eebe00c9f21f26b7c893dd7241729d204cf9f805ce566fe7af6056e7d95a8e');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-132e-7129-88f2-fc921a5ad082', 19, 1795280605998, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'group.member.add', 'group', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 'success', '', 'eae63ebb85a3ea56', 'e69dc43d77dce0831138d026b34b39f44c429a11ddf3f1da17d124435c2586f2', 'f0b9e1f514dff0cf9c102201890366ab02b91ac2b33e8a788b703c2480521b56', '493db7c01661c1e2ba0b2d02e3f063eb23da159fab7af74438037b83cca37487');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-135f-71e2-ad00-1161e1ab6e7f', 21, 1795280606047, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'role-assignment.create', 'group', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 'success', '', '5a2023e7e901286b', '63958d1462bfe7710dc015a00ab9f94a13a468d958a227175f99b71db2f59f40', 'f1e52a0267520ca15812e363b3992e71d0710d935f86dfb90bc75f2012bce7c2', '9fc84c9e1505e237df93a3d93ecaf3954e9d8f19318304efc4ae8089c8907081');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-1368-7163-bbea-41de68f26e5e', 22, 1795280606056, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'authorization.create', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'success', '', '0e9240e455cff434', 'e8be5474d458cec65e7df5d0586e4cf346e9f0d386e97f57e612b508ef3670c8', '973b670ffd666de8860d92dff59acbf1b15b89d1a02b7afaa5039a87f7380eff', '02452b11166593f4657dbab913b96ee7d6bb21877028cd9b23f324c6d9569c5d');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-1371-7394-afe5-cfd3d8b9cfc8', 23, 1795280606065, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'service.create', 'service', '01a1ff10-1370-7290-91af-16728106e23b', 'success', '', '45339d12c76f4a04', '5ae4576d2e58e731b8f464e4549ff4cb8dd96c01ba871f6080ce9c07d5d1a11e', '9a65ccc084765e4041c6c7e8b81e0ea9a040b631181c0200edf6c3790957d46d', 'd57f48fd7e8fd9bb97aa71c590593a046332213fbe118b67f11b98c822fc9a7d');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-1384-7705-a9c7-221499ec86d4', 24, 1795280606084, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'authorization.create', 'service', '01a1ff10-1370-7290-91af-16728106e23b', 'success', '', '25a55d9caeef814d', 'd264b335dbd9bc9ed51d59cd4e3232c5ff2050e853344e31e079a640065784a4', 'b7426ba65e185601e2e17459013a8386be484f1426a9e48a204324756cba8eb8', 'af3fe840e53a41a0851280a23a37ddde4f5f323121db477fbcf17d28ce6aba77');
INSERT INTO public.audit_event VALUES ('main', '01a1ff10-139a-7119-82f0-f65b622bc674', 26, 1795280606106, 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'catalog.apply', 'catalog', 'kept', 'success', 'created role kept:nothing', 'a2d782ae49080509', 'c26ec5ad83dd67887c8ef352c6618b2fa7d890fbc04c248d491ccac1371d4aa9', 'c9a522f0704c1b841d357ff78c1cf278912812a8aa5872abb0b2267b9ba27653', '781c7b3be0564eac96e5418afba215fdae5e09b061fe49594c0b1361dc904996');


--
-- Data for Name: audit_personal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-06e2-70b9-963e-ea9313fa60c2', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'x0ftduw44z52GCzmFkhe-Q', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-06e2-70b9-963e-ea9313fa60c2', 'target', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', '2Oj5PU-nxq-m2P_QYyWoTw', '{"name":"olivia","changes":[{"field":"username","old":null,"new":"olivia"},{"field":"name","old":null,"new":"Olivia Owner"},{"field":"email","old":null,"new":"olivia@example.org"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0797-7423-b312-e3c7c032a547', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'E21-TvzsOja33ONsaq1wRQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0797-7423-b312-e3c7c032a547', 'target', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'NkJhQSGVksFu_U6tjq53Ig', '{"name":"olivia"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-083b-75d7-b1f3-a01b29a4bf00', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', '2SlE91ZXq1iUl-R7JeCtxg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-083b-75d7-b1f3-a01b29a4bf00', 'target', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'LOh6cbEILaRtovB9f8rDOg', '{"name":"ann","changes":[{"field":"username","old":null,"new":"ann"},{"field":"name","old":null,"new":"Änn \"B\" 🔑"},{"field":"email","old":null,"new":"ann@example.org"},{"field":"emailVerified","old":null,"new":false},{"field":"attributes.department","old":null,"new":"Research"},{"field":"attributes.floor","old":null,"new":3},{"field":"attributes.sites","old":null,"new":["north","harbour"]}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-08ab-7106-b6c5-22d59d656fdb', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'c6dAKolx_f1Z0d53UaNHng', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-08ab-7106-b6c5-22d59d656fdb', 'target', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 'BBxighzj7KkOMbEK0Mhm3Q', '{"name":"dora","changes":[{"field":"username","old":null,"new":"dora"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-08b4-77f0-8080-c245ba8cf1f6', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'ltk6CMkNPkN95dGGR491MQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-08b4-77f0-8080-c245ba8cf1f6', 'target', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 'UpOh54zHUfnpkV9iehksMQ', '{"name":"dora","changes":[{"field":"status","old":"active","new":"disabled"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-08c0-7761-b92d-6e95c7cb7fb5', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', '5tNnVQYaCPE0zANCBtDUmQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-08c0-7761-b92d-6e95c7cb7fb5', 'target', '01a1ff10-08be-7591-9ad3-a610744914ab', 'rsEJN2rTEd9YLI_n9AaUWQ', '{"name":"ivan","changes":[{"field":"username","old":null,"new":"ivan"},{"field":"name","old":null,"new":"Ivan Invited"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0923-7490-8281-3e6f02643c73', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'utvVtucjiPTaVbvO44BA1Q', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0923-7490-8281-3e6f02643c73', 'target', '01a1ff10-0921-722d-a5f6-45e04ab80832', '7xvCScpuLoPIf8V-xqvjYw', '{"name":"gone","changes":[{"field":"username","old":null,"new":"gone"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0933-73f1-a86f-75e277d4cfb6', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'RKKSq9tcmxDpOFqasxqCVQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0933-73f1-a86f-75e277d4cfb6', 'target', '01a1ff10-0921-722d-a5f6-45e04ab80832', '9sOoboN06SGwA35rRZR3qw', '{"name":"gone","changes":[{"field":"username","old":"gone","new":null},{"field":"emailVerified","old":false,"new":null}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0942-73d9-97e3-af35f6f417cf', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'WPGDal3QCWVDo5Lr-UAtjg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0942-73d9-97e3-af35f6f417cf', 'target', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'i0S7sxIiTRwLGtvEeSh4qw', '{"name":"ann","changes":[{"field":"name","old":"Änn \"B\" 🔑","new":"Ann Berg"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-095c-76ad-be23-a6988f94e69e', 'actor', '', 'G2ecYsE6e_AO11nBY0velQ', '{"address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-095c-76ad-be23-a6988f94e69e', 'target', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'fonzWYLyELDVxjtzzpKJqA', '{"name":"ann"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-097e-76d9-8561-7a1fab3d8692', 'actor', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', '3IAw3DEuelxN6KRfRUP02Q', '{"name":"ann","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-097e-76d9-8561-7a1fab3d8692', 'target', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'mMbGGXMaPrU5OrcidDuv8Q', '{"name":"ann"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0be7-7760-8a12-3ea0aa75013c', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'c9fBck6wGJx007h6yBBFHg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-0be7-7760-8a12-3ea0aa75013c', 'target', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'WBrvED2yzkLy6jbvITdqig', '{"name":"ann","changes":[{"field":"email","old":"ann@example.org","new":"ann.berg@example.org"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-12d6-7772-a499-d34aa53ae123', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', '7-9EyvV8afwh7e7A8EBxIw', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-12d6-7772-a499-d34aa53ae123', 'target', 'record', 'vUq6rHNCDrjO8u3EgwBEhw', '{"name":"record","changes":[{"field":"name","old":null,"new":"record"},{"field":"syntax","old":null,"new":"name"},{"field":"actions","old":null,"new":[{"id":"view","name":"view","includes":[]},{"id":"edit","name":"edit","includes":["view"]}]},{"field":"properties","old":null,"new":["owner"]}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-12f5-7568-9023-54b7dc3fb605', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'VcTV1GsCNa5flOEGVGc3HQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-12f5-7568-9023-54b7dc3fb605', 'target', 'record/r1', 'oSt65jCNncxZoCwvOT4Glg', '{"name":"First","changes":[{"field":"name","old":null,"new":"First"},{"field":"properties.owner","old":null,"new":"01a1ff10-0839-72c7-a63b-b3c24ec3f1b2"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1302-72f2-ae21-5dbe76318232', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'Mg6Lvu9NHfGwP1WerMvxMg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1302-72f2-ae21-5dbe76318232', 'target', 'writer', 'M7v_ELyCwyZDwAmb_U5rtw', '{"name":"Writer","changes":[{"field":"name","old":null,"new":"Writer"},{"field":"description","old":null,"new":""},{"field":"permissions","old":null,"new":[{"effect":"allow","resourceType":"record","match":"any","actions":["edit"],"condition":"resource.owner eq subject.id"}]},{"field":"includes","old":null,"new":[]}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-130d-74ab-a750-09f750a570e6', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'yetK4PVJ23zrfK2ef3BY1Q', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-130d-74ab-a750-09f750a570e6', 'target', 'reader', 'RlsVYQx8nySSmY90zFx98g', '{"name":"reader","changes":[{"field":"name","old":null,"new":"reader"},{"field":"description","old":null,"new":""},{"field":"permissions","old":null,"new":[{"effect":"allow","resourceType":"mqtt-topic","match":"pattern","resource":"plant/+/temp","actions":["subscribe"],"condition":null}]},{"field":"includes","old":null,"new":["writer"]}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1318-77a4-9164-668a521638a5', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'mjDwX5351wjt8c9SjVE59g', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1318-77a4-9164-668a521638a5', 'target', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', '1i-roFdvO3qv8qAMR0hBoQ', '{"name":"Staff","changes":[{"field":"name","old":null,"new":"Staff"},{"field":"description","old":null,"new":""}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-131f-74ff-a204-983821623a70', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'TJMFMwbA-OmZ4cOxn2uCww', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-131f-74ff-a204-983821623a70', 'target', '01a1ff10-131e-73d0-905a-06473ac7601b', 'jY4y3OeF7P74WNoOtuWsqg', '{"name":"Night shift","changes":[{"field":"name","old":null,"new":"Night shift"},{"field":"description","old":null,"new":"After ten"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-132e-7129-88f2-fc921a5ad082', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'UBCx3Y-hbgJ63eiU9QeCJQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-132e-7129-88f2-fc921a5ad082', 'target', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 'IDUZ0UYPfnB6Iw52nyR-Yg', '{"name":"Staff","changes":[{"field":"members","old":null,"new":{"kind":"group","id":"01a1ff10-131e-73d0-905a-06473ac7601b"}}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1351-7494-9e7c-2ceb3d4ac846', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'o2B27FNXnjhRtMloMzMDPQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1351-7494-9e7c-2ceb3d4ac846', 'target', '01a1ff10-131e-73d0-905a-06473ac7601b', 'x6dilzDCNpu7u6e6UmhAag', '{"name":"Night shift","changes":[{"field":"members","old":null,"new":{"kind":"user","id":"01a1ff10-0839-72c7-a63b-b3c24ec3f1b2"}}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-135f-71e2-ad00-1161e1ab6e7f', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'prP9cy7G_LhdvRsZtgL6OQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-135f-71e2-ad00-1161e1ab6e7f', 'target', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', '6FhCAi7orAqW9nh6rWckgA', '{"name":"Staff","changes":[{"field":"role","old":null,"new":"reader"},{"field":"scope","old":null,"new":{"kind":"realm"}},{"field":"reason","old":null,"new":"for the plant"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-139a-7119-82f0-f65b622bc674', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'HK11JpvEUWVJoNDoVVtsXA', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-139a-7119-82f0-f65b622bc674', 'target', 'kept', '4VpmkDIYpaZyd7yjB32m2A', '{"name":"kept"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1368-7163-bbea-41de68f26e5e', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'SToFSYuosnA8x6UjIcOUcg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1368-7163-bbea-41de68f26e5e', 'target', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'wv7v2XpDqTY3f1l_lfj6mw', '{"name":"ann","changes":[{"field":"permissions","old":null,"new":[{"effect":"deny","resourceType":"record","match":"any","actions":["*"],"condition":null}]},{"field":"scope","old":null,"new":{"kind":"resources","type":"record","ids":["r2"]}},{"field":"reason","old":null,"new":""}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1371-7394-afe5-cfd3d8b9cfc8', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'QI8RxevNVMErmfK6cJmB1g', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1371-7394-afe5-cfd3d8b9cfc8', 'target', '01a1ff10-1370-7290-91af-16728106e23b', 'g77-y9Y3AOsFEgI-xUm4jA', '{"name":"shop","changes":[{"field":"name","old":null,"new":"shop"},{"field":"description","old":null,"new":"Asks"},{"field":"status","old":null,"new":"active"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1384-7705-a9c7-221499ec86d4', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'HAJeihU-WAscWwPMF8SV9A', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1384-7705-a9c7-221499ec86d4', 'target', '01a1ff10-1370-7290-91af-16728106e23b', 'NqVD1xEFNR_Pw1dtMOwwpQ', '{"name":"shop","changes":[{"field":"permissions","old":null,"new":[{"effect":"allow","resourceType":"decision","match":"any","actions":["evaluate"],"condition":null}]},{"field":"scope","old":null,"new":{"kind":"realm"}},{"field":"reason","old":null,"new":""}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1390-76ad-95c4-24e637918060', 'actor', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'w90qFcXGFfUqJNkr-IgrqQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1ff10-1390-76ad-95c4-24e637918060', 'target', '01a1ff10-1370-7290-91af-16728106e23b', 'lCiIpxFa2vQaYjdUSuWfgg', '{"name":"shop","changes":[{"field":"name","old":null,"new":"kept"},{"field":"expiresAt","old":null,"new":null}]}');


--
-- Data for Name: audit_seal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_seal VALUES ('main', 11, '0c702f00b06cf2be80f7f348f49e45cae069a862095b8c25da69fa19c0031d76', 1795280603543, 'strb4pttn2ZvaZM8D9IsD7cnhYU8oOImjdIFjPtGJYNZPO6b_6cD41zHsAlE_049f3Y2yrG2sVtgPD9gTOrwDQ');
INSERT INTO public.audit_seal VALUES ('main', 26, '781c7b3be0564eac96e5418afba215fdae5e09b061fe49594c0b1361dc904996', 1795280606125, 'Y9TYoc9_2xAbbkdxN-Ww9jocBOHHQaRav03Vbc80YQhfj-b8hZoCXyrlM1QCQZYG55Pj1OaYGfULYI8ZaZ9cDg');


--
-- Data for Name: catalog; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.catalog VALUES ('main', 'kept', 'kept', '', 1795280606103, 1);


--
-- Data for Name: change_feed; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.change_feed VALUES (1, 'main', 'principal', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1, 5003934275139989986);
INSERT INTO public.change_feed VALUES (2, 'main', 'role-assignment', 'user:01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1, 4820015958660118933);
INSERT INTO public.change_feed VALUES (3, 'main', 'principal', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 1, 2247001305824906489);
INSERT INTO public.change_feed VALUES (4, 'main', 'principal', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 1, 6734423047184686731);
INSERT INTO public.change_feed VALUES (5, 'main', 'principal', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 2, 5678527307948879470);
INSERT INTO public.change_feed VALUES (6, 'main', 'principal', '01a1ff10-08be-7591-9ad3-a610744914ab', 1, 3064988925272256218);
INSERT INTO public.change_feed VALUES (7, 'main', 'principal', '01a1ff10-0921-722d-a5f6-45e04ab80832', 1, 3020138667855152996);
INSERT INTO public.change_feed VALUES (8, 'main', 'principal', '01a1ff10-0921-722d-a5f6-45e04ab80832', 0, 507799625237239181);
INSERT INTO public.change_feed VALUES (9, 'main', 'principal', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 2, 7398806782403945946);
INSERT INTO public.change_feed VALUES (10, 'main', 'principal', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 3, 4483352750499015816);
INSERT INTO public.change_feed VALUES (11, 'main', 'resource-type', 'record', 1, 3176505279746330809);
INSERT INTO public.change_feed VALUES (12, 'main', 'resource', 'record
r1', 1, 7210236338842779770);
INSERT INTO public.change_feed VALUES (13, 'main', 'role', 'writer', 1, 4603103180419002521);
INSERT INTO public.change_feed VALUES (14, 'main', 'role', 'reader', 1, 1185075788767473089);
INSERT INTO public.change_feed VALUES (15, 'main', 'group', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 1, 7742636369433264448);
INSERT INTO public.change_feed VALUES (16, 'main', 'group', '01a1ff10-131e-73d0-905a-06473ac7601b', 1, 282642820535293642);
INSERT INTO public.change_feed VALUES (17, 'main', 'membership', 'group:01a1ff10-131e-73d0-905a-06473ac7601b', 1, 2983459487260010311);


--
-- Data for Name: change_pending; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.change_pending VALUES (4240668111183289709, 'main', 'membership', 'user:01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 1);
INSERT INTO public.change_pending VALUES (6849839989422795361, 'main', 'role-assignment', 'group:01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 1);
INSERT INTO public.change_pending VALUES (3197755651510583529, 'main', 'role-assignment', 'user:01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 1);
INSERT INTO public.change_pending VALUES (3828532457970339488, 'main', 'principal', '01a1ff10-1370-7290-91af-16728106e23b', 1);
INSERT INTO public.change_pending VALUES (7266658840775802057, 'main', 'role-assignment', 'service:01a1ff10-1370-7290-91af-16728106e23b', 1);
INSERT INTO public.change_pending VALUES (7572686351531216106, 'main', 'role', 'kept:nothing', 1);


--
-- Data for Name: credential; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credential VALUES ('main', '01a1ff10-06b7-70a6-8052-d3be67754a21', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'password', '$argon2id$v=19$m=19456,t=2,p=1$Nvdgx/gyG0pdfLBuTWGV1g$bmNeg3aduVpjCIagdFtW5mu9uZwT32NAjRFICgf7ywc', 0, 1795280602807);
INSERT INTO public.credential VALUES ('main', '01a1ff10-0839-72c8-bdac-fa0eb7981986', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'password', '$argon2id$v=19$m=19456,t=2,p=1$icC/O2YBnsm+W9h1Rlxa+A$AseRMMaIArl5aCn7dIP31a3e0FPFyxCwjt3vaiuEwcE', 0, 1795280603193);
INSERT INTO public.credential VALUES ('main', '01a1ff10-08a9-753a-ab98-18bab22a6429', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 'password', '$argon2id$v=19$m=19456,t=2,p=1$4PMpWx3l54WViiQOXBI9Yw$9CQlkwFJJ9XDuNxwtqjQKlFOZ/nfcLVyxWFyvxfpGOw', 0, 1795280603305);


--
-- Data for Name: database_epoch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.database_epoch VALUES (1);


--
-- Data for Name: direct_authorization; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.direct_authorization VALUES ('main', '01a1ff10-1367-74ba-8b01-1bf2d246776d', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', '[{"effect":"deny","resourceType":"record","match":"any","actions":["*"],"condition":null}]', 'resources', '{"type":"record","ids":["r2"]}', NULL, NULL, '', 'local', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1, 1795280606055);
INSERT INTO public.direct_authorization VALUES ('main', '01a1ff10-1383-7543-b78f-39227bf1570a', 'service', '01a1ff10-1370-7290-91af-16728106e23b', '[{"effect":"allow","resourceType":"decision","match":"any","actions":["evaluate"],"condition":null}]', 'realm', '', NULL, NULL, '', 'local', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1, 1795280606083);


--
-- Data for Name: idempotency_key; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: known_address; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.known_address VALUES ('main', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', '127.0.0.1', 1795280603029);
INSERT INTO public.known_address VALUES ('main', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', '127.0.0.1', 1795280603516);


--
-- Data for Name: lease; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lease VALUES ('audit record of main', 'D7b_lRTSyUunNIaa', 1795280608121);
INSERT INTO public.lease VALUES ('change feed', '08qDkO7spzXwQ2DN', 0);


--
-- Data for Name: membership; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.membership VALUES ('main', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 'group', '01a1ff10-131e-73d0-905a-06473ac7601b', 'local', 1795280605997);
INSERT INTO public.membership VALUES ('main', '01a1ff10-131e-73d0-905a-06473ac7601b', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'local', 1795280606024);


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

INSERT INTO public.principal VALUES ('main', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'user', 'builtin', NULL, 'olivia', 'olivia', 'active', 1, 1795280602807, 1795280602807);
INSERT INTO public.principal VALUES ('main', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 'user', 'builtin', NULL, 'dora', 'dora', 'disabled', 2, 1795280603305, 1795280603316);
INSERT INTO public.principal VALUES ('main', '01a1ff10-08be-7591-9ad3-a610744914ab', 'user', 'builtin', NULL, 'ivan', 'ivan', 'invited', 1, 1795280603326, 1795280603326);
INSERT INTO public.principal VALUES ('main', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'user', 'builtin', NULL, 'ann', 'ann', 'active', 3, 1795280603193, 1795280604133);
INSERT INTO public.principal VALUES ('main', '01a1ff10-1370-7290-91af-16728106e23b', 'service', 'builtin', NULL, 'shop', 'shop', 'active', 1, 1795280606064, 1795280606064);


--
-- Data for Name: principal_group; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.principal_group VALUES ('main', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 'Staff', 'staff', '', 'local', 1, 1795280605975, 1795280605975);
INSERT INTO public.principal_group VALUES ('main', '01a1ff10-131e-73d0-905a-06473ac7601b', 'Night shift', 'night shift', 'After ten', 'local', 1, 1795280605982, 1795280605982);


--
-- Data for Name: realm; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.realm VALUES ('main', 0, 1795280602807);


--
-- Data for Name: resource; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.resource VALUES ('main', 'record', 'r1', 'First', 'first', '', '{"owner":"01a1ff10-0839-72c7-a63b-b3c24ec3f1b2"}', 1, 1795280605936, 1795280605936);


--
-- Data for Name: resource_type; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.resource_type VALUES ('main', 'record', 'record', 'record', 'name', '[{"id":"view","name":"view","includes":[]},{"id":"edit","name":"edit","includes":["view"]}]', '["owner"]', 'local', 1, 1795280605909, 1795280605909);


--
-- Data for Name: role; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.role VALUES ('main', 'writer', 'Writer', 'writer', '', '[{"effect":"allow","resourceType":"record","match":"any","actions":["edit"],"condition":"resource.owner eq subject.id"}]', '[]', 'local', 1, 1795280605953, 1795280605953);
INSERT INTO public.role VALUES ('main', 'reader', 'reader', 'reader', '', '[{"effect":"allow","resourceType":"mqtt-topic","match":"pattern","resource":"plant/+/temp","actions":["subscribe"],"condition":null}]', '["writer"]', 'local', 1, 1795280605964, 1795280605964);
INSERT INTO public.role VALUES ('main', 'kept:nothing', 'nothing', 'nothing', '', '[]', '[]', 'catalog', 1, 1795280606103, 1795280606103);


--
-- Data for Name: role_assignment; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.role_assignment VALUES ('main', '01a1ff10-06b7-70a7-83ae-36a017aa1f6d', 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'owner', 'realm', '', NULL, NULL, 'setup', 'local', '', 1, 1795280602807);
INSERT INTO public.role_assignment VALUES ('main', '01a1ff10-135d-7686-89a8-65a302d4a579', 'group', '01a1ff10-1317-77c2-88ef-c3285e9cb6f5', 'reader', 'realm', '', NULL, NULL, 'for the plant', 'local', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1, 1795280606045);


--
-- Data for Name: schema_migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migration VALUES (1, 'change feed and sealed secrets', 1795280602221);
INSERT INTO public.schema_migration VALUES (2, 'audit record', 1795280602247);
INSERT INTO public.schema_migration VALUES (3, 'realms, principals, role assignments', 1795280602281);
INSERT INTO public.schema_migration VALUES (4, 'credentials, sessions, throttling', 1795280602338);
INSERT INTO public.schema_migration VALUES (5, 'user profiles, search words, idempotency keys', 1795280602365);
INSERT INTO public.schema_migration VALUES (6, 'many writers: changes without a number, leases', 1795280602374);
INSERT INTO public.schema_migration VALUES (8, 'audit events that wait for their place', 1795280602377);
INSERT INTO public.schema_migration VALUES (9, 'groups, resource types, resources, roles, authorizations', 1795280602468);
INSERT INTO public.schema_migration VALUES (10, 'services', 1795280602471);
INSERT INTO public.schema_migration VALUES (11, 'API tokens', 1795280602476);


--
-- Data for Name: sealed_secret; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sealed_secret VALUES ('cursor key', '8bLiCcgWjhGyEE5dtnOO1rR8lE7aH0skyqfdqjXbYkotKf62CMM7hHoaoxNOMB4T_zmQv0VBzJMKKATs', 1795280602697);
INSERT INTO public.sealed_secret VALUES ('audit signing key', 'reipyzoA904UgDfYTbI8mb9j3Js4Xc8Ns9eBOHmpeTiwMxFeVzlIegqf5t98JQiMlcLnl0wx1Y_1HNMh', 1795280602723);


--
-- Data for Name: service_profile; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.service_profile VALUES ('main', '01a1ff10-1370-7290-91af-16728106e23b', 'Asks');


--
-- Data for Name: session; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.session VALUES ('main', '01a1ff10-0795-7016-9080-5fe1bfbe21e7', 'w_Ska_mccXhLR84zR6uJqWWvnycV3lspZ-ILi8cGopw', 'user', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1795280603029, 1795280603029, 1795885403029, '127.0.0.1', 'python-httpx/0.28.1', 'pwd', 1795280603029);
INSERT INTO public.session VALUES ('main', '01a1ff10-097c-7532-8d0b-886da707287b', 'n__eVx0Y38-9m885MXkTXIVIwrlX_MinEUE_uskHnFM', 'user', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 1795280603516, 1795280603516, 1795885403516, '127.0.0.1', 'python-httpx/0.28.1', 'pwd', 1795280603516);


--
-- Data for Name: shared_key; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.shared_key VALUES ('key file', 'XO5nYcO6s-exPoMa7c_P9sgyruH2WoF7brEm4R8mK43S3zFZ6GUoXe7siNjpSu5q7RlBCGxMxNTMa1fcPwXejm39soCn7Zcls9itQQ', 1795280602623);


--
-- Data for Name: sign_in_activity; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 1795280603029);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff10-08a9-7539-9e62-c1bf3c912310', 0);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff10-08be-7591-9ad3-a610744914ab', 0);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 1795280603516);


--
-- Data for Name: sign_in_refusal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_refusal VALUES ('main', 'SZFeDX1LQC4wF9AQvBwOg8rGx5fWwW5mNA_jJoaTpqE', '127.0.0.1', 29921343, '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 0);


--
-- Data for Name: sign_in_tally; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_tally VALUES ('main', 498689, 'success', 2);
INSERT INTO public.sign_in_tally VALUES ('main', 498689, 'refused', 1);


--
-- Data for Name: sign_in_throttle; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_throttle VALUES ('main', 'address', '127.0.0.1', '', '', 1, 1795280603482, 1795280603482, 0);


--
-- Data for Name: user_profile; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.user_profile VALUES ('main', '01a1ff10-06b7-70a5-b4ed-425da9c684ce', 'Olivia Owner', 'olivia owner', 'olivia@example.org', 'olivia@example.org', 0, '{}', '
example.org
olivia
olivia@example.org
org
owner');
INSERT INTO public.user_profile VALUES ('main', '01a1ff10-08a9-7539-9e62-c1bf3c912310', '', '', '', '', 0, '{}', '
dora');
INSERT INTO public.user_profile VALUES ('main', '01a1ff10-08be-7591-9ad3-a610744914ab', 'Ivan Invited', 'ivan invited', '', '', 0, '{}', '
invited
ivan');
INSERT INTO public.user_profile VALUES ('main', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2', 'Ann Berg', 'ann berg', 'ann.berg@example.org', 'ann.berg@example.org', 0, '{"department":"Research","floor":3,"sites":["north","harbour"]}', '
ann
ann.berg@example.org
berg
berg@example.org
example.org
org');


--
-- Data for Name: user_word; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.user_word VALUES ('main', 'example.org', '01a1ff10-06b7-70a5-b4ed-425da9c684ce');
INSERT INTO public.user_word VALUES ('main', 'olivia', '01a1ff10-06b7-70a5-b4ed-425da9c684ce');
INSERT INTO public.user_word VALUES ('main', 'olivia@example.org', '01a1ff10-06b7-70a5-b4ed-425da9c684ce');
INSERT INTO public.user_word VALUES ('main', 'org', '01a1ff10-06b7-70a5-b4ed-425da9c684ce');
INSERT INTO public.user_word VALUES ('main', 'owner', '01a1ff10-06b7-70a5-b4ed-425da9c684ce');
INSERT INTO public.user_word VALUES ('main', 'dora', '01a1ff10-08a9-7539-9e62-c1bf3c912310');
INSERT INTO public.user_word VALUES ('main', 'invited', '01a1ff10-08be-7591-9ad3-a610744914ab');
INSERT INTO public.user_word VALUES ('main', 'ivan', '01a1ff10-08be-7591-9ad3-a610744914ab');
INSERT INTO public.user_word VALUES ('main', 'ann', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2');
INSERT INTO public.user_word VALUES ('main', 'ann.berg@example.org', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2');
INSERT INTO public.user_word VALUES ('main', 'berg', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2');
INSERT INTO public.user_word VALUES ('main', 'berg@example.org', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2');
INSERT INTO public.user_word VALUES ('main', 'example.org', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2');
INSERT INTO public.user_word VALUES ('main', 'org', '01a1ff10-0839-72c7-a63b-b3c24ec3f1b2');


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

\unrestrict mT4N58CMm1QkHv0FCTaom0IFKJGkXMOqS8X7wqern9SAlEtVon0jA9ZzJtzrSLK

