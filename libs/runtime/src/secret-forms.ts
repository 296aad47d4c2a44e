// Secrets that are known by their form alone: how each begins, and what follows. Every repetition is bounded, and a beginning that
// fits is matched to its end or given up within a few characters, so looking for them takes time in proportion to the text.
export interface SecretForm {
  /** Whose it is, for people. */
  readonly of: string;
  /** Regular expressions. The first tells cheaply that there may be one. */
  readonly begins: string;
  readonly goesOn: string;
}

const form = (of: string, begins: string, goesOn: string): SecretForm => ({ of, begins, goesOn });

export const SECRET_FORMS: readonly SecretForm[] = [
  form('LabMesh client keys and refresh tokens', 'lm[kr]_', '[0-9A-Za-z_-]{8,200}'),
  form('AWS access keys', 'A(?:KIA|SIA|GPA|IDA|ROA|IPA|NPA|NVA|BIA|CCA)', '[A-Z0-9]{16}'),
  form('GitHub tokens', 'gh[opsur]_', '[A-Za-z0-9]{16,300}'),
  form('GitHub fine-grained tokens', 'github_pat_', '\\w{16,300}'),
  form('GitLab tokens', 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas)-', '[\\w.-]{12,300}'),
  form('Slack tokens', 'xox[a-z]-', '[\\w-]{8,300}'),
  form('Slack app tokens', 'xapp-', '[\\w-]{8,300}'),
  form('Slack webhooks', 'hooks\\.slack\\.com/(?:services|workflows)/', '[\\w/+-]{16,200}'),
  form('OpenAI, Anthropic and like keys', 'sk-', '[\\w-]{16,300}'),
  form('Stripe keys', '[rs]k_(?:live|test)_', '\\w{8,300}'),
  form('Stripe webhook secrets', 'whsec_', '[\\w+/=-]{16,300}'),
  form('Google API keys', 'AIza', '[\\w-]{30,60}'),
  form('Google access tokens', 'ya29\\.', '[\\w-]{16,1000}'),
  form('Google client secrets', 'GOCSPX-', '[\\w-]{20,60}'),
  form('Google refresh tokens', '1//0', '[\\w-]{30,200}'),
  form('npm tokens', 'npm_', '[A-Za-z0-9]{30,60}'),
  form('PyPI tokens', 'pypi-', '[\\w-]{16,400}'),
  form('RubyGems keys', 'rubygems_', '[0-9a-f]{40,60}'),
  form('Docker Hub tokens', 'dckr_pat_', '[\\w-]{20,60}'),
  form('Hugging Face tokens', 'hf_', '[A-Za-z0-9]{20,80}'),
  form('SendGrid keys', 'SG\\.', '[\\w-]{16,40}\\.[\\w-]{16,80}'),
  form('Twilio keys', 'SK(?=[0-9a-f])', '[0-9a-f]{32}'),
  form('Mailgun keys', 'key-(?=[0-9a-f])', '[0-9a-f]{32}'),
  form('DigitalOcean tokens', 'do[opr]_v1_', '[0-9a-f]{40,80}'),
  form('Shopify tokens', 'shp(?:at|ca|pa|ss)_', '[0-9a-fA-F]{32,64}'),
  form('Databricks tokens', 'dapi(?=[0-9a-f])', '[0-9a-f]{32}'),
  form('HashiCorp Vault tokens', 'hv[sbr]\\.', '[\\w-]{20,300}'),
  form('Grafana tokens', 'glsa_|glc_', '[\\w+/=-]{20,400}'),
  form('Linear keys', 'lin_api_', '[A-Za-z0-9]{30,60}'),
  form('Postman keys', 'PMAK-', '[0-9a-f-]{40,80}'),
  form('age keys', 'AGE-SECRET-KEY-1', '[0-9A-Z]{40,80}'),
  form('Telegram bots', '\\d{8,10}:AA', '[\\w-]{30,40}'),
  form('Azure client secrets', '[\\w.~-]{3}\\dQ~', '[\\w.~-]{31,40}'),
];

const WORD_BEFORE = '(?<![A-Za-z0-9])';

export const SECRET_PATTERN = `${WORD_BEFORE}(?:${SECRET_FORMS.map(({ begins, goesOn }) => `(?:${begins})${goesOn}`).join('|')})`;
/** Finds what may be the beginning of one: a line without is left alone. */
export const SECRET_BEGINNING = `${WORD_BEFORE}(?:${SECRET_FORMS.map(({ begins }) => begins).join('|')})`;
