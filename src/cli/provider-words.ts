// What the provider file's schema says of each key, in Portuguese: by the key's path, as the file names it. The schema says it in English.

/** A test holds that no key of the schema is missing here, and that none is left of a key that is gone. */
export const PROVIDER_MEANINGS_PT_BR: Readonly<Record<string, string>> = {
  name: "O nome pelo qual os seus clientes conhecem a empresa.",
  legal_name: "A razão social. Deixe fora quando for igual ao nome.",
  country: "O país do registro, pela ISO 3166, por exemplo BR: ali o tax_id é conferido como CPF ou CNPJ.",
  tax_id: "O seu CPF ou CNPJ, com ou sem pontos; em outro país, o número fiscal de lá.",
  address: "O seu endereço em uma linha: rua, número, bairro, CEP, cidade, estado.",
  email: "Um endereço onde a resposta chega a uma pessoa, por exemplo financeiro@example.com.br.",
  phone: "Um telefone, como os clientes o discam.",
  site: "O seu site, com https://.",
  lang: "A língua do que não vai para um cliente só: pt-BR ou en.",
  time_zone: "Um nome da IANA, por exemplo America/Sao_Paulo.",
  currency: "O código ISO 4217 da moeda em que a empresa recebe, por exemplo BRL.",
  payment: "Como pagar, nas duas línguas: uma chave Pix, o endereço do portal.",
  "payment.pt-BR": "Linhas que dizem como pagar, em português.",
  "payment.pt-BR[]": "Uma linha que diz como pagar.",
  "payment.en": "Linhas que dizem como pagar, em inglês.",
  "payment.en[]": "Uma linha que diz como pagar.",
  pix: "Onde o Pix é recebido: o portal faz os códigos, cada um com o valor e a fatura. Deixe fora para não ter nenhum.",
  "pix.key": "A chave Pix que recebe: CPF, CNPJ, e-mail, telefone com +55, ou chave aleatória.",
  "pix.city": "A cidade da conta, como aparece nos códigos Pix; aparecem no máximo 15 letras.",
  proof: "Para onde mandar o comprovante, nas duas línguas. Deixe fora se a empresa não aceita nenhum.",
  "proof.pt-BR": "Para onde mandar o comprovante, em português: um e-mail ou uma página.",
  "proof.en": "Para onde mandar o comprovante, em inglês: um e-mail ou uma página.",
};

/** What the schema says of a value of the wrong form, by its English. */
export const PROVIDER_FORMS_PT_BR: Readonly<Record<string, string>> = {
  "it has a line break": "tem uma quebra de linha",
  "it is not two capital letters": "não são duas letras maiúsculas",
  "it is not three capital letters": "não são três letras maiúsculas",
  "it is not an e-mail address": "não é um endereço de e-mail",
  "it is not a web address": "não é um endereço da web",
};
