// As frases das conferências de um comprovante, em português.
import type { ProofTexts } from "./proofs-texts.ts";

export const PROOFS_PT_BR: ProofTexts = {
  rules: {
    slip_code: {
      title: "Código do boleto",
      says: {
        none: "Não há linha digitável nem código de barras no documento.",
        this_invoice: "A linha digitável {line} é a do boleto que emitimos para a fatura {invoice}.",
        other_customer: "A linha digitável {line} é a de um boleto emitido para outro cliente.",
        other_invoice: "A linha digitável {line} é a da fatura {invoice}, do mesmo cliente.",
        unknown: "A linha digitável {line} é válida, e não é de um boleto emitido por nós.",
      },
    },
    pix_code: {
      title: "Código Pix",
      says: {
        none: "Não há código Pix no documento.",
        this_invoice: "O código Pix é o da cobrança da fatura {invoice}.",
        other_customer: "O código Pix é o de uma cobrança feita a outro cliente.",
        other_invoice: "O código Pix é o da cobrança da fatura {invoice}, do mesmo cliente.",
        other_key: "O código Pix paga à chave {key}, que não é nossa.",
        our_key: "O código Pix paga à nossa chave {key}.",
        unknown: "O código Pix não diz de que cobrança é.",
      },
    },
    receiver: {
      title: "Recebedor",
      says: {
        tax_id: "O documento traz o nosso número {value}.",
        name: "O documento traz o nosso nome ou chave: {value}.",
        not_found: "Nosso nome e número não foram encontrados no documento.",
      },
    },
    amount: {
      title: "Valor",
      says: {
        none: "Nenhum valor foi encontrado no documento.",
        fits: "O valor {cents} é o que quita a fatura.",
        less: "O maior valor no documento, {cents}, é menor do que os {open} em aberto.",
        other: "O maior valor no documento é {cents}; em aberto estão {open}.",
      },
    },
    end_to_end_id: {
      title: "Identificador do Pix (EndToEndId)",
      says: {
        none: "Não há identificador de Pix no documento.",
        well_formed: "O identificador {id} tem a forma que o Banco Central determina, e data possível.",
        ahead: "O identificador {id} tem data futura, como a de um Pix agendado.",
        returned: "O identificador {id} é o de uma devolução, não o de um pagamento.",
        before_pix: "O identificador {id} tem data anterior à existência do Pix.",
        malformed: "O identificador {id} não tem a forma que o Banco Central determina; nenhum banco o emite assim.",
      },
    },
    payment_date: {
      title: "Data do pagamento",
      says: {
        none: "Nenhuma data foi encontrada no documento.",
        future: "O pagamento teria data futura: {day}.",
        disagrees: "A data no identificador do Pix, {day}, difere em mais de um dia das datas impressas.",
        before_invoice: "A data {day} é anterior à emissão da fatura.",
        agrees: "A data no identificador do Pix, {day}, é a que está impressa.",
        only_id: "O identificador do Pix traz a data {day}; nenhuma outra está impressa.",
        recent: "A data {day} é posterior à emissão da fatura.",
      },
    },
    institution: {
      title: "Instituição do pagador",
      says: {
        none: "O documento não traz o código de uma instituição.",
        known: "O código {ispb} é o de {name}.",
        unknown: "O código {ispb} não está entre as instituições que conhecemos, o que nada diz contra o documento.",
      },
    },
    scheduled: {
      title: "Agendamento",
      says: {
        no_sign: "Nada no documento indica agendamento.",
        order: "O documento é um agendamento (“{words}”): o banco ainda não pagou. Quando pagar, o valor chega até nós.",
      },
    },
    same_file: {
      title: "Arquivo já enviado",
      says: {
        first: "Este arquivo não havia sido enviado antes.",
        this_invoice: "Este mesmo arquivo já foi enviado para esta fatura.",
        other_invoice: "Este mesmo arquivo já foi enviado para outra fatura.",
        other_customer: "Este mesmo arquivo já foi enviado por outro cliente.",
      },
    },
    same_look: {
      title: "Imagem parecida",
      says: {
        first: "Nenhuma imagem parecida foi enviada antes.",
        told_apart: "Há imagens parecidas, o que é comum entre comprovantes do mesmo banco; os códigos são outros.",
        alike: "Há {count} imagens quase iguais, e nenhum código legível que as distinga.",
      },
    },
    same_codes: {
      title: "Códigos já apresentados",
      says: {
        none: "Não há identificador nem autenticação para comparar.",
        first: "O identificador ou a autenticação não havia sido apresentado antes.",
        booked: "O banco já nos informou o pagamento {id}, desta fatura.",
        booked_for_another: "O pagamento {id} já foi recebido, e é de outro cliente.",
        booked_for_other_invoice: "O pagamento {id} já foi recebido, e quitou outra fatura do mesmo cliente.",
        other_invoice: "O código {id} já foi apresentado para outra fatura.",
        other_customer: "O código {id} já foi apresentado por outro cliente.",
      },
    },
    bank_mail: {
      title: "E-mail do banco",
      says: {
        none: "O comprovante não veio como e-mail de um banco.",
        not_a_bank: "O e-mail não vem do endereço de um banco.",
        signed: "A assinatura de {domain} confere: o e-mail foi enviado por esse domínio e não foi alterado.",
        altered: "A assinatura de {domain} não confere com o e-mail; ele mudou no caminho ou depois.",
        unsigned: "O e-mail diz vir de {domain} e não traz a assinatura desse domínio.",
      },
    },
    edited: {
      title: "Edição",
      says: {
        no_sign: "Nada no arquivo indica edição.",
        editor: "O arquivo foi gravado por um programa de edição: {program}.",
        changed_later: "O arquivo foi alterado depois de criado.",
      },
    },
  },
  unsure: "Isto foi lido de uma imagem, com possibilidade de erro: uma pessoa vai conferir.",
  verdict: { supports: "confirma", neutral: "nada diz", contradicts: "contradiz" },
  recommendation: {
    release: "liberar enquanto o banco confirma",
    wait: "aguardar a data do agendamento",
    person: "uma pessoa confere antes",
  },
};
