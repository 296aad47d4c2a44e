// What people write who are no attackers: sentences and short hands, hardly any of which the content model learned as they stand.
import { fileURLToPath } from 'node:url';
import { ModelScorer, ScoringThread } from '@labmesh/anomaly';
import { describe, expect, it } from 'vitest';

const MODEL = fileURLToPath(new URL('../../models/content.onnx', import.meta.url));

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'languages that the simulated lab does not speak': [
    'Kolik naměřených hodnot chybí v tabulce z minulého týdne?',
    'Melyik adatsor tartalmazza a tegnapi mérést?',
    'Mitkä näytteet pitää mitata uudelleen huomenna?',
    'Hvor finner jeg temperaturene fra i går?',
    'Care sunt unitățile coloanei?',
    'Які дані зібрано за минулий місяць?',
    'היכן נמצאים נתוני המדידה?',
    'ข้อมูลการวัดอยู่ที่ไหน',
    'হালনাগাদ তথ্য কোথায়?',
  ],
  'other sentences in languages that it speaks': [
    'Bitte prüfe die Kalibrierung von Detektor 3, der Untergrund ist seit gestern höher.',
    "Pourquoi la température de l'échantillon n'est-elle pas enregistrée après 18 h ?",
    '¿Cuántas llamaradas solares hubo en 2017 y cuál fue la más fuerte?',
    'Quais são os formatos de dados aceites para a submissão?',
    'Quali sono le unità della colonna "flusso"?',
    'Jakie formaty danych są obsługiwane?',
    'Hangi veri kümelerinde güneş patlamaları var?',
    'Перекалибруйте датчик давления № 4 и запишите результат в журнал.',
    'Ποια δεδομένα έχουν εκλάμψεις κλάσης Χ;',
    'ما هي صيغ البيانات المقبولة؟',
    'सौर ज्वाला का डेटा कहाँ है?',
    '请把昨天的光谱数据转换成 CSV 格式，然后检查缺失的值。',
    '样品编号 A-17，温度 25.3 °C，压力 101.2 kPa',
    '太陽フレアのデータはどこにありますか？',
    '태양 플레어 데이터는 어디에 있나요?',
    'Đo lại nhiệt độ của mẫu số 12 trước 17 giờ.',
    'Welche Datensätze enthalten Sonneneruptionen der Klasse X?',
    "L'étalonnage du spectromètre a échoué : recommencez avec la lampe au néon.",
    'Añade los resultados de la semana pasada a la tabla, por favor.',
    '太阳耀斑的数据在哪里可以下载？',
    '昨日の測定結果を確認して、校正をやり直してください。',
    'Какие форматы данных принимает лаборатория?',
    'Vilka dataset innehåller mätningar från Tromsø?',
    '什么时候可以拿到结果？谢谢！',
  ],
  'paths of Windows and of shares': [
    'C:\\Users\\ada\\Documents\\run-12\\spectrum.csv',
    'See D:\\lab\\2026\\flares\\export_v2.xlsx for the raw counts',
    '\\\\nas01\\shared\\telescope\\2026-11-02\\frame_0012.fits',
    'C:\\Program Files\\Instrument\\config.ini',
    '../data/run_3.csv',
  ],
  'notes and queries': [
    '👍 looks good',
    'mean(x), std(x)',
    "SELECT count(*) FROM flares WHERE class = 'X'",
    'rm old plots, keep the raw data',
  ],
  'formulas, substances and marks': [
    'H2SO4 (0.5 mol/l)',
    'p < 0.05 (n = 12)',
    'ΔT = 3.2 ± 0.4 K',
    'x_i^2',
    'Zr-95/Nb-95',
    '#042',
    'A1-B7/3',
    'n/a',
    'TODO: ask Wei',
    'v2.0-rc1',
    '10.1103/PhysRev.47.777',
    '\\alpha = 1/137',
    'k_B T ln(2)',
    'λ = 656.3 nm (Hα)',
    'pH 7.4',
    'R² = 0.987',
    'M87*',
    'NaCl 0.9 %',
    '∫ f(x) dx = 1',
    "f'(x) = 2x",
    '10 µl + 90 µl H2O',
    'α-Fe2O3',
    '{"a": 1}',
    'a & b',
    '50/50 mix',
    'R&D',
    'x → y',
    'https://doi.org/10.1038/s41586-020-2649-2',
    'SN 2011fe',
    'HD 189733 b',
    'GJ 1214',
    'AB+',
    'C++ or Rust?',
    'if x > 3: stop',
    'C6H12O6 + 6 O2 -> 6 CO2 + 6 H2O',
    'Fe(III)/Fe(II)',
    '[Fe/H] = -0.35 dex',
    'Tris-HCl (pH 8.0), 150 mM NaCl',
    '3 h @ 60 °C, then 4 °C overnight',
    '5′-ATGCGTACGTTAGC-3′',
    '$E = mc^2$',
    'e^(-t/τ)',
    'T_eff [K]',
    'y = a + b*x',
    '2 × 10⁻⁶ mbar',
    '>= 3σ',
    'Q3/Q4',
    'plate 7, well C11',
    '(!!) check again',
    'df.groupby("class").size()',
    '#include <math.h>',
    '???',
  ],
};

describe('the committed content model', () => {
  it('leaves alone all but one in fifty of them', async () => {
    await using thread = new ScoringThread();
    const content = await ModelScorer.open(thread, MODEL);
    const texts = Object.values(TEXTS).flat();
    const scores = await content.scoreAll(texts.map((text) => ({ text })));
    expect(scores).toHaveLength(texts.length);
    const alarmed = texts.filter((_text, at) => scores[at]?.alarm !== false);
    expect(alarmed.length, alarmed.join('\n')).toBeLessThanOrEqual(texts.length / 50);
  });
});
